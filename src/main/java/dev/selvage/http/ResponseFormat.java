package dev.selvage.http;

import dev.selvage.error.ApiError;
import java.util.Map;

/// The format of the responses of a surface. The pipeline adds the header `X-Request-Id`, and `Allow` to a
/// refused method.
public interface ResponseFormat {

    /// Creates the response of a successful call.
    ///
    /// @param fields the response record of the endpoint
    /// @param headers additional headers of the endpoint
    Response success(Object fields, String requestId, Map<String, String> headers);

    /// Creates the response of a refusal or a fault.
    Response refusal(ApiError refused, String requestId);
}
