package dev.selvage.http;

import dev.selvage.error.ApiError;
import java.util.Map;

/// How a surface writes its responses. The pipeline adds the header `X-Request-Id`, and `Allow` where a method
/// is refused.
public interface ResponseFormat {

    /// A success.
    ///
    /// @param fields the response record of the endpoint
    /// @param headers additional headers of the endpoint
    Response success(Object fields, String requestId, Map<String, String> headers);

    /// A refusal, or the report of a fault.
    Response refusal(ApiError refused, String requestId);
}
