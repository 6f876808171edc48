package dev.selvage.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What a server answers to bytes: whole HTTP answers, one behind the other, and nothing else; none a fault,
/// and each refusal in the API's shape with a request id.
record Answers(List<Integer> statuses) {

    private static final Pattern HEAD =
            Pattern.compile("HTTP/1\\.1 ([1-5][0-9]{2}) [^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n");
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: ([0-9]+)\r\n");
    private static final int TIMEOUT_MILLIS = 60_000;

    /// Sends the bytes, closes that half of the connection, and reads all answers. Fails when the server does
    /// not end its half.
    static Answers to(String baseUrl, byte[] bytes) throws IOException {
        URI uri = URI.create(baseUrl);
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            try {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
            } catch (SocketException endedByServer) {
                // It need not read on once it has refused.
            }
            InputStream stream = socket.getInputStream();
            byte[] buffer = new byte[8192];
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                received.write(buffer, 0, count);
            }
        }
        return read(
                received.toString(StandardCharsets.ISO_8859_1),
                new String(bytes, 0, Math.min(bytes.length, 8), StandardCharsets.ISO_8859_1));
    }

    private static Answers read(String text, String request) {
        List<Integer> statuses = new ArrayList<>();
        Matcher head = HEAD.matcher(text);
        int at = 0;
        while (at < text.length()) {
            head.region(at, text.length());
            assertThat(head.lookingAt())
                    .as("an answer begins at %d of %s", at, text)
                    .isTrue();
            int status = Integer.parseInt(head.group(1));
            statuses.add(status);
            assertThat(status).as(text).isLessThan(500);
            Matcher length = LENGTH.matcher(head.group(2));
            int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
            if (request.regionMatches(true, 0, "HEAD ", 0, 5)) {
                body = text.startsWith("{", head.end()) ? body : 0;
            }
            assertThat(head.end() + body).as("the answer is whole: %s", text).isLessThanOrEqualTo(text.length());
            if (status >= 400 && body > 0) {
                refusal(status, text.substring(head.end(), head.end() + body));
            }
            at = head.end() + body;
        }
        return new Answers(statuses);
    }

    private static void refusal(int status, String body) {
        JsonNode json;
        try {
            json = Json.mapperInstance().readTree(body.getBytes(StandardCharsets.ISO_8859_1));
        } catch (JacksonException malformed) {
            throw new AssertionError("No JSON: " + body, malformed);
        }
        if (json.has("status_code")) {
            assertThat(json.path("status_code").intValue()).as(body).isEqualTo(status);
            assertThat(json.path("request_id").stringValue()).as(body).matches("request-id-(test|live)-[0-9a-f-]{36}");
            assertThat(json.path("error_type").stringValue()).as(body).matches("[a-z0-9_]+");
            assertThat(json.path("error_message").isString()).as(body).isTrue();
            assertThat(json.path("error_url").isString()).as(body).isTrue();
        } else {
            throw new AssertionError("Not in the API's shape: " + body);
        }
    }
}
