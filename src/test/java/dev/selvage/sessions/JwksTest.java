package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.projects.SigningKeys;
import dev.selvage.support.Client;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `GET /v1/sessions/jwks/{project_id}` and the rotation of keys: `semantics.md` 4 and 8, `sdk-facts.md` 6,
/// `open-questions.md` 17.
class JwksTest extends SessionTest {

    private static final Duration UNTIL_IT_SIGNS = Duration.ofMillis(SigningKeys.PUBLISHED_BEFORE_MILLIS);
    private static final Duration A_MONTH = Duration.ofMillis(SigningKeys.PUBLISHED_AFTER_MILLIS);

    @Test
    void aKeyHasEveryMemberThatAnSdkNeedsAndNothingPrivate() {
        JsonNode key = jwks().at("keys.0");
        assertThat(key.propertyNames())
                .containsExactlyInAnyOrder("kty", "use", "key_ops", "alg", "kid", "x5c", "x5tS256", "n", "e");
        assertThat(key.path("kty").stringValue()).isEqualTo("RSA");
        assertThat(key.path("use").stringValue()).isEqualTo("sig");
        assertThat(key.path("alg").stringValue()).isEqualTo("RS256");
        assertThat(key.path("key_ops").toString()).isEqualTo("[\"verify\"]");
        assertThat(key.path("x5c").isArray()).isTrue();
        assertThat(key.path("x5tS256").isString()).isTrue();
    }

    @Test
    void itAnswersWithAndWithoutCredentialsAndMayBeCached() {
        Client.Answer with = jwks();
        Client.Answer without = client.send(client.request("GET", "/v1/sessions/jwks/" + client.projectId(), null)
                        .build())
                .ok();
        assertThat(without.at("keys")).isEqualTo(with.at("keys"));
        assertThat(without.raw().headers().firstValue("Cache-Control")).hasValue("public, max-age=900");
    }

    @Test
    void projectsHaveKeysOfTheirOwn() {
        Client other = app.consumer();
        List<String> others =
                kids(other.get("/v1/sessions/jwks/" + other.projectId()).ok());
        assertThat(others).hasSize(1).doesNotContainAnyElementsOf(kids(jwks()));
        // Whose credentials ask is of no matter: the path says whose keys.
        assertThat(kids(other.get("/v1/sessions/jwks/" + client.projectId()).ok()))
                .isEqualTo(kids(jwks()));
    }

    @Test
    void anUnknownProjectIsNotFoundAndAMalformedOneInvalid() {
        client.get("/v1/sessions/jwks/project-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6")
                .refused(404, "project_not_found");
        client.get("/v1/sessions/jwks/x").refused(400, "invalid_project_id");
    }

    @Test
    void theNextKeyIsShownBeforeItSigns() {
        Sessions.Issued<UserSession> before = start(60);
        List<String> first = kids(jwks());
        app.app().keys().rotate(client.project());
        assertThat(kids(jwks())).hasSize(2).containsAll(first);
        assertThat(kid(authenticate(before).ok())).isEqualTo(first.getFirst());
        advance(UNTIL_IT_SIGNS);
        Client.Answer after = authenticate(before).ok();
        assertThat(kid(after)).isNotEqualTo(first.getFirst());
        JwtProof.verify(client, app.clock(), after.text("session_jwt"));
    }

    @Test
    void sessionsAndJwtsOutliveARotation() {
        Sessions.Issued<UserSession> issued = start(60);
        app.app().keys().rotate(client.project());
        advance(UNTIL_IT_SIGNS.minusSeconds(60));
        String jwt = authenticate(issued).ok().text("session_jwt");
        advance(Duration.ofSeconds(90));
        // The old key has stopped to sign, and its JWT is still good for everybody.
        JwtProof.verify(client, app.clock(), jwt);
        authenticate("'session_jwt':'" + jwt + "'").ok();
        authenticate("'session_jwt':'" + issued.jwt() + "'").ok();
    }

    @Test
    void aReplacedKeyIsShownForAMonthAndVerifiesHereForLonger() {
        Sessions.Issued<UserSession> issued = start(527_040);
        String old = kids(jwks()).getFirst();
        app.app().keys().rotate(client.project());
        advance(UNTIL_IT_SIGNS.plus(A_MONTH).minusMillis(1));
        assertThat(kids(jwks())).hasSize(2).contains(old);
        advance(Duration.ofMillis(1));
        assertThat(kids(jwks())).hasSize(1).doesNotContain(old);
        JwtProof.refuses(client, app.clock(), issued.jwt());
        authenticate("'session_jwt':'" + issued.jwt() + "'").ok();
        advance(Duration.ofDays(300));
        app.app().keys().sweep();
        authenticate("'session_jwt':'" + issued.jwt() + "'").ok();
    }

    private Client.Answer jwks() {
        return client.get("/v1/sessions/jwks/" + client.projectId()).ok();
    }

    private static String kid(Client.Answer answer) {
        return new String(
                        Base64.getUrlDecoder().decode(answer.text("session_jwt").split("\\.")[0]),
                        StandardCharsets.UTF_8)
                .replaceAll(".*\"kid\":\"([^\"]+)\".*", "$1");
    }

    private static List<String> kids(Client.Answer jwks) {
        List<String> kids = new ArrayList<>();
        jwks.at("keys").forEach(key -> kids.add(key.path("kid").stringValue()));
        return kids;
    }
}
