package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import dev.selvage.support.WireTest;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/// Numbers in what an application keeps with a user, a member, an organization or a session come back as they
/// went in, digit by digit, in answers and in JWTs; those that other programs would read as infinity or as zero
/// are refused.
class NumbersWireTest extends WireTest {

    private static final long SEED = 20261127;
    /// Apart from the program's own, which is what is tested.
    private static final JsonMapper EXACT = JsonMapper.builder(new JsonFactory())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final List<String> KEPT = List.of(
            "0",
            "1",
            "-1",
            "1.0",
            "1.00",
            "100",
            "1e2",
            "1E+2",
            "-0.5",
            "0.1",
            "0.10",
            "9007199254740993",
            "-9223372036854775809",
            "18446744073709551616",
            "3.141592653589793238462643383279502884197",
            "0.1000000000000000055511151231257827021181583404541015625",
            "12345678901234567890.12345678901234567890",
            "1e308",
            "-1.7976931348623157e308",
            "2.2250738585072014e-308",
            "4.9e-324",
            "1e-300",
            "0.0",
            "0e-400",
            "0.000000000000000000000000000001",
            "1".repeat(99));
    private static final List<String> REFUSED = List.of(
            "1e-400",
            "-1e-400",
            "1e400",
            "-1e400",
            "1e-325",
            "1.8e308",
            "1e-999999999",
            "1e999999999",
            "1e-99999999999",
            "1e99999999999",
            "1".repeat(101),
            "0." + "0".repeat(90) + "1e-300",
            "01",
            "1.",
            ".5",
            "+1",
            "0x10",
            "NaN",
            "Infinity");

    private Stream<String> random() {
        SplittableRandom random = new SplittableRandom(SEED);
        return Stream.generate(() -> {
                    StringBuilder number =
                            new StringBuilder(random.nextBoolean() ? "-" : "").append(1 + random.nextInt(9));
                    random.ints(random.nextInt(30), 0, 10).forEach(number::append);
                    if (random.nextBoolean()) {
                        number.append('.');
                        random.ints(1 + random.nextInt(30), 0, 10).forEach(number::append);
                    }
                    return number + (random.nextBoolean() ? "e" + (random.nextInt(440) - 220) : "");
                })
                .limit(100);
    }

    @Test
    void aNumberComesBackAsItWentIn() {
        List<String> numbers = Stream.concat(KEPT.stream(), random()).toList();
        String user =
                client.post("/v1/users", "{'email':'ada@example.com'}").ok().text("user_id");
        Client b2b = app.b2b();
        String organization = b2b.post("/v1/b2b/organizations", "{'organization_name':'Example'}")
                .ok()
                .text("organization.organization_id");
        String members = "/v1/b2b/organizations/" + organization + "/members";
        String member =
                b2b.post(members, "{'email_address':'ada@example.com'}").ok().text("member_id");
        // A few at a time: each place has its bound of bytes.
        for (int from = 0; from < numbers.size(); from += 20) {
            List<String> some = numbers.subList(from, Math.min(numbers.size(), from + 20));
            String json = "{'a':[" + String.join(",", some) + "],'b':{'c':" + some.getFirst() + "}}";
            String metadata = "{'trusted_metadata':" + json + ",'untrusted_metadata':" + json + "}";
            Client.Answer changed = client.put("/v1/users/" + user, metadata).ok();
            kept(some, changed, "/user/trusted_metadata", "/user/untrusted_metadata");
            kept(some, client.get("/v1/users/" + user).ok(), "/trusted_metadata", "/untrusted_metadata");
            kept(
                    some,
                    client.post(
                                    "/v1/users/search",
                                    "{'query':{'operator':'AND','operands':[{'filter_name':'user_id','filter_value':['"
                                            + user + "']}]}}")
                            .ok(),
                    "/results/0/trusted_metadata");
            kept(
                    some,
                    b2b.put("/v1/b2b/organizations/" + organization, "{'trusted_metadata':" + json + "}")
                            .ok(),
                    "/organization/trusted_metadata");
            kept(
                    some,
                    b2b.put(members + "/" + member, metadata).ok(),
                    "/member/trusted_metadata",
                    "/member/untrusted_metadata");
            inSession(some, json);
        }
    }

    private void inSession(List<String> numbers, String json) {
        String sandbox =
                "{'email':'sandbox%d@example.com','password':'correct horse battery staple 7','session_duration_minutes':60}";
        Client.Answer begun = client.post("/v1/passwords", sandbox.formatted(System.nanoTime()))
                .ok();
        Client.Answer answered = client.post(
                        "/v1/sessions/authenticate",
                        "{'session_token':'" + begun.text("session_token") + "','session_custom_claims':" + json + "}")
                .ok();
        kept(numbers, answered, "/session/custom_claims");
        JsonNode claims = EXACT.readTree(
                Base64.getUrlDecoder().decode(answered.text("session_jwt").split("\\.")[1]));
        kept(numbers, claims);
        kept(
                numbers,
                client.post("/v1/sessions/authenticate", "{'session_jwt':'" + answered.text("session_jwt") + "'}")
                        .ok(),
                "/session/custom_claims");
        kept(
                numbers,
                client.get("/v1/sessions?user_id=" + begun.text("user_id")).ok(),
                "/sessions/0/custom_claims");
    }

    private static void kept(List<String> numbers, Client.Answer answer, String... places) {
        JsonNode body = EXACT.readTree(new String(answer.raw().body(), StandardCharsets.UTF_8));
        for (String place : places) {
            kept(numbers, body.at(place));
        }
    }

    private static void kept(List<String> numbers, JsonNode object) {
        List<BigDecimal> wanted = numbers.stream().map(BigDecimal::new).toList();
        assertThat(object.path("a").valueStream().map(JsonNode::decimalValue).toList())
                .isEqualTo(wanted);
        assertThat(object.path("b").path("c").decimalValue()).isEqualTo(wanted.getFirst());
    }

    @Test
    void aNumberThatOthersWouldTakeForAnotherIsRefused() {
        String user = client.post("/v1/users", "{'email':'ada@example.com','trusted_metadata':{'a':1}}")
                .ok()
                .text("user_id");
        for (String number : REFUSED) {
            client.put("/v1/users/" + user, "{'trusted_metadata':{'a':" + number + "}}")
                    .refused(400, "bad_request");
            client.put("/v1/users/" + user, "{'trusted_metadata':{'a':{'b':[1," + number + "]}}}")
                    .refused(400, "bad_request");
        }
        assertThat(client.get("/v1/users/" + user).ok().at("trusted_metadata").toString())
                .isEqualTo("{\"a\":1}");
    }
}
