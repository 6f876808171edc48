package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.support.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Every JWT that the server makes is one that it takes back, in a body and in a header, however much its
/// session has gathered.
class LargestJwtTest extends MemberSessionTest {

    private static final long SEED = 20261128;
    private static final List<String> SIGNS = List.of("a", "\u0001", "\"", "\\", "\u00e9", "\u20ac", "\ud83d\ude00");

    @Test
    void theLargestSessionHasAJwtThatIsTakenBack() {
        SplittableRandom random = new SplittableRandom(SEED);
        String roles = IntStream.range(0, 30)
                .mapToObj(
                        i -> "{\"role_id\":\"" + "r".repeat(120) + i
                                + "\",\"description\":\"\",\"permissions\":[{\"resource_id\":\"stytch.member\",\"actions\":[\"*\"]}]}")
                .collect(Collectors.joining(","));
        client.put("/v1/b2b/rbac/organizations/" + organizationId, "{\"org_policy\":{\"roles\":[" + roles + "]}}")
                .ok();
        String ids = IntStream.range(0, 30)
                .mapToObj(i -> "\"" + "r".repeat(120) + i + "\"")
                .collect(Collectors.joining(","));
        client.put(
                        "/v1/b2b/organizations/" + organizationId + "/members/"
                                + ann.member().id(),
                        "{\"roles\":[" + ids + "]}")
                .ok();
        ann = app.app()
                .members()
                .get(client.project(), organizationId, ann.member().id());
        for (String sign : SIGNS) {
            Sessions.Issued<MemberSession> issued =
                    start(ann, 60, new Attributes("2001:db8::1", sign.repeat(2048)), "{}");
            authenticate(issued, "'session_custom_claims':{'c':'" + "x".repeat(CustomClaims.BYTES_MAX - 8) + "'}")
                    .ok();
            Session session = issued.session();
            for (int n = 0; n < 230; n++) {
                app.clock().advance(Duration.ofSeconds(1));
                MemberSession found =
                        app.app().memberSessions().find(client.project(), SessionArgument.token(issued.token()));
                session = app.app()
                        .memberSessions()
                        .addFactors(client.project(), found.session(), List.of(any(random, n)), null, Json.object());
            }
            Client.Answer answer = authenticate(issued).ok();
            String jwt = answer.text("session_jwt");
            assertThat(jwt.length()).isBetween(10_000, SessionJwts.CHARACTERS_MAX);
            authenticate("'session_jwt':'" + jwt + "'").ok();
            client.send(client.request(
                                    "POST",
                                    "/v1/b2b/sessions/revoke",
                                    "{\"member_id\":\"" + ann.member().id() + "\"}")
                            .header("Authorization", Client.basic(client.projectId(), client.secret()))
                            .header("X-Stytch-Member-SessionJWT", jwt)
                            .build())
                    .ok();
        }
    }

    private Factor any(SplittableRandom random, int n) {
        long now = app.clock().millis();
        String address = "a".repeat(random.nextInt(1, 64)) + n + "@" + "b".repeat(60) + "." + "c".repeat(60) + "."
                + "d".repeat(60) + ".example";
        return switch (random.nextInt(5)) {
            case 0 -> Factor.emailMagicLink("email-test-" + n, address, now);
            case 1 -> Factor.emailOtp("email-test-" + n, address, now);
            case 2 -> Factor.smsOtp("phone-number-test-" + n, "+15005550006", now);
            case 3 -> Factor.recoveryCode("recovery-code-test-" + n, now);
            default -> Factor.trustedAuthToken("\u0001".repeat(random.nextInt(1, 512)), now);
        };
    }

    @Test
    void theOldestProofOfTheMostFrequentKindGoes() {
        List<Factor> factors = new ArrayList<>(List.of(Factor.password(1), Factor.totp("totp-test-1", 2)));
        for (int n = 0; n < 230; n++) {
            factors = new ArrayList<>(Factor.merge(
                    factors, List.of(Factor.emailMagicLink("email-test-" + n, "a" + n + "@example.com", 10 + n))));
        }
        assertThat(factors).extracting(Factor::type).startsWith("password", "totp");
        List<Factor> mails = factors.subList(2, factors.size());
        assertThat(mails).hasSizeGreaterThan(8);
        assertThat(mails.getLast().transfersWith("a229@example.com")).isTrue();
        assertThat(mails.getFirst().transfersWith("a" + (230 - mails.size()) + "@example.com"))
                .isTrue();
    }

    @Test
    void moreRolesThanFitAreRefused() {
        String roles = IntStream.range(0, 40)
                .mapToObj(i -> "\"" + "r".repeat(120) + i + "\"")
                .collect(Collectors.joining(","));
        client.put(
                        "/v1/b2b/organizations/" + organizationId + "/members/"
                                + ann.member().id(),
                        "{\"roles\":[" + roles + "]}")
                .refused(400, "too_many_roles");
    }
}
