package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import dev.selvage.support.RawHttp;
import dev.selvage.support.WireTest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Request targets as browsers, mail programs and other servers write them, which is not always as RFC 3986 has
/// it; and bodies in all forms of chunks that RFC 9112 has.
class TargetsWireTest extends WireTest {

    private static final String EMAIL = "ada@example.com";
    /// Sent raw by somebody; not the space, which ends the target, nor `#`, nor what separates parameters.
    private static final String RAW = "|[]{}\"<>\\^`'%!$()*,;:@/?~";

    private String get(String target) throws IOException {
        return raw(target.getBytes(StandardCharsets.UTF_8));
    }

    private String raw(byte[] target) throws IOException {
        String head = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: "
                + Client.basic(client.projectId(), client.secret()) + "\r\n\r\n";
        return RawHttp.send(
                app.baseUrl(),
                concat("GET ".getBytes(StandardCharsets.US_ASCII), target, head.getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] concat(byte[]... parts) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        List.of(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static String withoutId(String answer) {
        return answer.replaceAll("(?i)request-id-test-[0-9a-f-]{36}", "").replaceAll("Date: [^\r]*", "");
    }

    @Test
    void aRawCharacterIsItsPercentEncodedForm() throws IOException {
        List<String> values = new ArrayList<>(List.of(
                "auth0|x",
                "%",
                "%%",
                "%z",
                "%4",
                "100%",
                "%zz%41",
                "a%|%4g",
                "m\u00fcller",
                "\u4e2d\u6587",
                "\uD83D\uDE00"));
        RAW.chars().forEach(c -> values.add("a" + (char) c + "b"));
        for (String value : values) {
            // What is percent-encoded already stays so: a lone percent sign is the one that is not.
            String encoded = URLEncoder.encode(value.replace("%41", "A"), StandardCharsets.UTF_8);
            assertThat(withoutId(get("/v1/sessions?user_id=" + value)))
                    .as(value)
                    .isEqualTo(withoutId(get("/v1/sessions?user_id=" + encoded)))
                    .startsWith("HTTP/1.1 4")
                    .doesNotContain("valid HTTP");
            if (!value.contains("/") && !value.contains("?")) {
                assertThat(withoutId(get("/v1/users/" + value)))
                        .as(value)
                        .isEqualTo(withoutId(get("/v1/users/" + encoded)))
                        .startsWith("HTTP/1.1 4")
                        .doesNotContain("valid HTTP");
            }
        }
    }

    @Test
    void anExternalIdIsFoundInQueryAndPath() throws IOException {
        String id = client.post("/v1/users", "{'email':'" + EMAIL + "','external_id':'auth0|5.x'}")
                .ok()
                .text("user_id");
        for (String spelling : List.of("auth0|5.x", "auth0%7C5.x", "auth0%7c5%2Ex")) {
            assertThat(get("/v1/sessions?user_id=" + spelling)).startsWith("HTTP/1.1 200");
            assertThat(get("/v1/users/" + spelling)).startsWith("HTTP/1.1 200").contains(id);
        }
    }

    @Test
    void whatAMailProgramHangsOnALinkDoesNotBreakIt() throws IOException {
        app.clock().advance(Duration.ofSeconds(1));
        client.post("/v1/magic_links/email/login_or_create", "{'email':'" + EMAIL + "'}")
                .ok();
        String link = new Mailbox(app, client).link(EMAIL).replace(app.baseUrl(), "");
        for (String tail : List.of(
                "",
                "&utm_campaign=a|b",
                "&utm_term={keyword}",
                "&x[]=1",
                "&rate=100%",
                "&a=\"b\"",
                "&a=<b>",
                "&n=m\u00fcller",
                "&utm=1&utm=2",
                "&",
                "&&=",
                "&%",
                "#top")) {
            assertThat(get(link + tail))
                    .as(tail)
                    .startsWith("HTTP/1.1 302")
                    .contains("Location: http://localhost:3000/authenticate?");
        }
        for (byte b = -128; b < 0; b++) {
            assertThat(raw(concat((link + "&a=").getBytes(StandardCharsets.US_ASCII), new byte[] {b})))
                    .startsWith("HTTP/1.1 302");
        }
    }

    @Test
    void whoeverFollowsALinkGetsAPageAndNoJson() throws IOException {
        for (String page : List.of("/v1/magic_links/redirect", "/v1/passwords/redirect")) {
            for (String bad : List.of(
                    "?token=%00",
                    "?token=%01",
                    "?token=a&token=b",
                    "?public_token=a&public_token=a",
                    "?token=\u0001",
                    "?token=a b",
                    "?token=" + "a".repeat(10_000),
                    "?#a#b")) {
                assertThat(get(page + bad))
                        .as(bad)
                        .startsWith("HTTP/1.1 4")
                        .contains("Content-Type: text/html", "<h1>")
                        .doesNotContain("{\"");
            }
            String cookies = RawHttp.send(
                    app.baseUrl(),
                    "GET " + page + "?token=a HTTP/1.1\r\nHost: x\r\nCookie: " + "c".repeat(Server.HEADER_BYTES_MAX)
                            + "\r\n\r\n");
            assertThat(cookies)
                    .startsWith("HTTP/1.1 400")
                    .contains("Content-Type: text/html", "<h1>")
                    .doesNotContain("{\"");
        }
    }

    @Test
    @Tag("form")
    void aTargetWithControlCharactersOrSpacesIsRefused() throws IOException {
        for (String where : List.of("/v1/users/a", "/v1/sessions?user_id=a", "/healthz?a=")) {
            for (int c = 0; c <= ' '; c++) {
                assertThat(get(where + (char) c + "b"))
                        .as(where + c)
                        .startsWith("HTTP/1.1 400")
                        .contains("\"error_type\":\"bad_request\"");
            }
            assertThat(get(where + "\u007fb")).startsWith("HTTP/1.1 400").contains("\"error_type\":\"bad_request\"");
        }
    }

    /// From the same body in any chunks the same answer comes, and the next request is found behind it.
    @Test
    @Tag("form")
    void extensionsAndTrailersOfChunksAreReadOver() throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        String[] extensions = {"", "", ";", ";a", ";a=b", "; a = \"b;c\"", " ;a=b;c", "\t;x", ";\u00e9=1"};
        String[] trailers = {
            "", "", "X: y\r\n", "X:\r\nY: z\r\n", "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\nHost: y\r\n"
        };
        for (int i = 0; i < 200; i++) {
            String email = "ada" + i + "@example.com";
            String json = "{\"email\":\"" + email + "\",\"trusted_metadata\":{\"a\":\"0\\r\\n\\r\\n\"}}";
            StringBuilder body = new StringBuilder();
            for (int at = 0; at < json.length(); ) {
                int length = Math.min(json.length() - at, random.nextInt(1, 30));
                String size = (random.nextBoolean() ? "" : "000")
                        + (random.nextBoolean() ? Integer.toHexString(length) : "%X".formatted(length));
                body.append(size)
                        .append(extensions[random.nextInt(extensions.length)])
                        .append("\r\n")
                        .append(json, at, at + length)
                        .append("\r\n");
                at += length;
            }
            body.append("0".repeat(random.nextInt(1, 4)))
                    .append(extensions[random.nextInt(extensions.length)])
                    .append("\r\n")
                    .append(trailers[random.nextInt(trailers.length)])
                    .append("\r\n");
            String answer = RawHttp.send(
                    app.baseUrl(),
                    "POST /v1/users HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nAuthorization: "
                            + Client.basic(client.projectId(), client.secret()) + "\r\n\r\n" + body
                            + "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(answer)
                    .as(body.toString())
                    .startsWith("HTTP/1.1 200")
                    .contains("\"" + email + "\"", "{\"status\":\"alive\"}");
        }
    }
}
