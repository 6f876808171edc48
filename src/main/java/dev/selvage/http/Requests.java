package dev.selvage.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;

/// What the headers of a request say about its connection and its body (RFC 9110 and 9112).
final class Requests {

    private static final String NOT_HTTP = "The request is not valid HTTP/1.1, or its headers are too long.";

    private Requests() {}

    /// The reason for refusing a request before any call; empty if there is none.
    static String problem(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (request.decoderResult().isFailure()
                || !RequestTarget.isValid(request.uri())
                || !hasOneHost(request)
                || !isOneOf(headers.getAll(HttpHeaderNames.TRANSFER_ENCODING), HttpHeaderValues.CHUNKED)
                || isOld(request) && headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || !isOneOf(headers.getAll(HttpHeaderNames.EXPECT), HttpHeaderValues.CONTINUE)) {
            return NOT_HTTP;
        }
        if (bodyLength(request) > Server.BODY_BYTES_MAX) {
            return RequestBody.TOO_LARGE;
        }
        return bodyLength(request) != 0
                        && !isOneOf(headers.getAll(HttpHeaderNames.CONTENT_ENCODING), HttpHeaderValues.IDENTITY)
                ? "The body must not be compressed."
                : "";
    }

    /// A proxy in front can decide by another one.
    private static boolean hasOneHost(HttpRequest request) {
        int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
        return hosts == 1 || hosts == 0 && isOld(request);
    }

    private static boolean isOld(HttpRequest request) {
        return request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }

    /// Whether a header is missing, or was sent once with the only value that the server knows.
    private static boolean isOneOf(List<String> values, CharSequence known) {
        return values.isEmpty() || values.size() == 1 && known.toString().equalsIgnoreCase(values.getFirst());
    }

    /// The length of the body in bytes; negative if it is chunked.
    static long bodyLength(HttpRequest request) {
        return HttpUtil.isTransferEncodingChunked(request) ? -1 : HttpUtil.getContentLength(request, 0L);
    }

    /// Whether the client waits for `100 Continue` before it sends the body.
    static boolean expectsContinue(HttpRequest request) {
        return request.headers().contains(HttpHeaderNames.EXPECT) && bodyLength(request) != 0;
    }

    /// Whether the client will send more requests.
    static boolean keepsConnection(HttpRequest request) {
        return HttpUtil.isKeepAlive(request);
    }
}
