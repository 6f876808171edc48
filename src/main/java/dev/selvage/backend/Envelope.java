package dev.selvage.backend;

import dev.selvage.base.Json;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.error.ProjectErrors;
import dev.selvage.http.Response;
import dev.selvage.http.ResponseFormat;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The response format of the backend API. Every response has the fields `status_code` and `request_id`.
record Envelope(ErrorUrls errorUrls) implements ResponseFormat {

    @Override
    public Response success(Object fields, String requestId, Map<String, String> headers) {
        return new Response(200, Response.JSON, envelope(200, requestId, Json.bytes(fields)), headers);
    }

    /// Adds the two common fields before the others.
    private static byte[] envelope(int status, String requestId, byte[] fields) {
        byte[] head = ("{\"status_code\":" + status + ",\"request_id\":\"" + requestId + '"')
                .getBytes(StandardCharsets.UTF_8);
        boolean empty = fields.length == 2;
        int rest = fields.length - (empty ? 1 : 0);
        byte[] body = Arrays.copyOf(head, head.length + rest);
        System.arraycopy(fields, fields.length - rest, body, head.length, rest);
        if (!empty) {
            body[head.length] = ',';
        }
        return body;
    }

    @Override
    public Response refusal(ApiError refused, String requestId) {
        ErrorType type = refused.type();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status_code", type.status());
        body.put("request_id", requestId);
        body.put("error_type", type.wireValue());
        body.put("error_message", refused.getMessage());
        body.put("error_url", errorUrls.of(type));
        if (!refused.details().isEmpty()) {
            body.put("error_details", refused.details());
        }
        Map<String, String> headers = new HashMap<>();
        if (refused.retryAfterSeconds() > 0) {
            headers.put("Retry-After", Long.toString(refused.retryAfterSeconds()));
        }
        if (type == ProjectErrors.UNAUTHORIZED_CREDENTIALS) {
            headers.put("WWW-Authenticate", "Basic realm=\"Selvage\"");
        }
        return new Response(type.status(), Response.JSON, Json.bytes(body), headers);
    }
}
