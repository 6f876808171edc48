package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.selvage.base.Json;
import dev.selvage.base.Times;
import dev.selvage.projects.Jose;
import dev.selvage.projects.SigningKey;
import dev.selvage.support.Client;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// The JWT of a session: `semantics.md` 4, `sdk-facts.md` 5, `open-questions.md` 15 to 18.
class SessionJwtTest extends SessionTest {

    @Test
    void theHeaderAndTheClaimsAreThoseOfTheContract() {
        Sessions.Issued<UserSession> issued = start(
                userId,
                60,
                new Attributes("203.0.113.1", "Toaster/2.0"),
                "{'plan':'gold'}",
                Factor.emailMagicLink(
                        "email-test-81bf03a8-86e1-4d95-bd44-bb3495224953",
                        "a@example.com",
                        app.clock().millis()));
        advance(Duration.ofSeconds(10));
        String jwt = authenticate(issued).ok().text("session_jwt");
        long now = app.clock().millis() / Times.SECOND_MILLIS;
        ObjectNode header = Json.object(decoded(jwt, 0));
        assertThat(header.propertyNames()).containsExactlyInAnyOrder("alg", "kid", "typ");
        assertThat(header.path("alg").stringValue()).isEqualTo("RS256");
        assertThat(header.path("typ").stringValue()).isEqualTo("JWT");
        assertThat(header.path("kid").stringValue()).matches("jwk-test-[0-9a-f-]{36}");
        assertThat(Json.object(decoded(jwt, 1))).isEqualTo(Json.object("""
                {"plan": "gold", "aud": ["%1$s"], "exp": %2$d, "iat": %3$d, "nbf": %3$d, "iss": "stytch.com/%1$s", "sub": "%4$s",
                 "https://stytch.com/session": {"id": "%5$s", "started_at": "%6$s", "last_accessed_at": "%7$s",
                   "expires_at": "%8$s", "attributes": {"ip_address": "203.0.113.1", "user_agent": "Toaster/2.0"},
                   "authentication_factors": [{"type": "magic_link", "delivery_method": "email", "last_authenticated_at": "%6$s",
                     "email_factor": {"email_id": "email-test-81bf03a8-86e1-4d95-bd44-bb3495224953", "email_address": "a@example.com"}}],
                   "roles": ["stytch_user"]}}""".formatted(
                        client.projectId(),
                        now + 300,
                        now,
                        userId,
                        issued.session().id(),
                        inSeconds(-10),
                        inSeconds(0),
                        inSeconds(3590))));
        JwtProof.verify(client, app.clock(), jwt);
    }

    @Test
    void anUnchangedSessionIsSignedOnceASecond() {
        Sessions.Issued<UserSession> issued = start(60);
        advance(Duration.ofMillis(Times.SECOND_MILLIS - app.clock().millis() % Times.SECOND_MILLIS));
        SessionJwts jwts = new SessionJwts(app.app().keys());
        String first = mint(jwts, issued.sessionWithSubject());
        advance(Duration.ofMillis(Times.SECOND_MILLIS - 1));
        assertThat(mint(jwts, issued.sessionWithSubject())).isEqualTo(first);
        assertThat(jwts.signatures()).isEqualTo(1);
        advance(Duration.ofMillis(1));
        assertThat(mint(jwts, issued.sessionWithSubject())).isNotEqualTo(first);
        assertThat(jwts.signatures()).isEqualTo(2);
    }

    @Test
    void whatIsSignedOnceIsNeverOfASessionThatChanged() {
        Sessions.Issued<UserSession> issued = start(60);
        SessionJwts jwts = new SessionJwts(app.app().keys());
        Session session = issued.session();
        long now = app.clock().millis();
        UserSession claimed = issued.sessionWithSubject()
                .with(session.withClaims(Json.object("{\"plan\":\"gold\"}")).nextVersion());
        assertThat(List.of(
                                issued.sessionWithSubject(),
                                claimed,
                                issued.sessionWithSubject()
                                        .with(session.expiringAt(session.expiresAt() + Times.SECOND_MILLIS)
                                                .nextVersion()
                                                .nextVersion()),
                                issued.sessionWithSubject()
                                        .with(session.withFactors(Factor.merge(
                                                        session.factors(), List.of(Factor.totp("totp-1", now))))
                                                .nextVersion()
                                                .nextVersion()
                                                .nextVersion()))
                        .stream()
                        .map(held -> mint(jwts, held)))
                .doesNotHaveDuplicates();
        assertThat(jwts.signatures()).isEqualTo(4);
        app.app().keys().rotate(client.project());
        advance(Duration.ofMinutes(16));
        JwtProof.verify(client, app.clock(), mint(jwts, claimed));
    }

    @Test
    void aJwtIsReturnedAgainForAsLongAsTheProjectSays() throws Exception {
        app.setting(client, "sessions.jwt_reuse_seconds", 20);
        Sessions.Issued<UserSession> issued = start(60);
        long period = 20 * Times.SECOND_MILLIS;
        advance(Duration.ofMillis(period - app.clock().millis() % period));
        String first = authenticate(issued).ok().text("session_jwt");
        advance(Duration.ofMillis(period - 1));
        assertThat(authenticate(issued).ok().text("session_jwt")).isEqualTo(first);
        assertThat(authenticate(issued, "'session_custom_claims':{'plan':'gold'}")
                        .ok()
                        .text("session_jwt"))
                .isNotEqualTo(first);
        assertThat(authenticate(issued).ok().text("session_jwt")).isNotEqualTo(first);
        advance(Duration.ofMillis(1));
        var claims =
                JwtProof.verify(client, app.clock(), authenticate(issued).ok().text("session_jwt"));
        assertThat(claims.getIssuedAt().getValueInMillis())
                .isEqualTo(app.clock().millis());
        revoke("'session_token':'" + issued.token() + "'").ok();
        authenticate(issued).refused(404, "session_not_found");
    }

    @Test
    void aProjectCanHaveANewJwtInEachCall() {
        app.setting(client, "sessions.jwt_reuse_seconds", 0);
        Sessions.Issued<UserSession> issued = start(60);
        SessionJwts jwts = new SessionJwts(app.app().keys());
        mint(jwts, issued.sessionWithSubject());
        mint(jwts, issued.sessionWithSubject());
        assertThat(jwts.signatures()).isEqualTo(2);
    }

    private String mint(SessionJwts jwts, UserSession held) {
        return jwts.mint(client.project(), held, app.clock().millis());
    }

    @Test
    void timesAreRoundedDownSoThatNoVerifierSeesTheFuture() throws Exception {
        Sessions.Issued<UserSession> issued = start(60);
        advance(Duration.ofMillis(999));
        String jwt = authenticate(issued).ok().text("session_jwt");
        var claims = JwtProof.verify(client, app.clock(), jwt);
        assertThat(claims.getIssuedAt().getValueInMillis())
                .isEqualTo(app.clock().millis() - 999);
        assertThat(claims.getNotBefore().getValueInMillis())
                .isEqualTo(app.clock().millis() - 999);
        advance(Duration.ofMillis(1));
    }

    @Test
    void itLivesForFiveMinutesAlsoWhenTheSessionEndsBefore() throws Exception {
        Sessions.Issued<UserSession> issued = start(5);
        advance(Duration.ofMinutes(4));
        String jwt = authenticate(issued).ok().text("session_jwt");
        assertThat(JwtProof.verify(client, app.clock(), jwt).getExpirationTime().getValueInMillis())
                .isEqualTo(app.clock().millis() + 300_000);
        advance(Duration.ofMillis(299_999));
        JwtProof.verify(client, app.clock(), jwt);
        advance(Duration.ofMillis(1));
        JwtProof.refuses(client, app.clock(), jwt);
    }

    @Test
    void oneThatIsPastItsExpiryIsAcceptedWhileTheSessionLives() {
        Sessions.Issued<UserSession> issued = start(60);
        advance(Duration.ofMinutes(59));
        Client.Answer answer =
                authenticate("'session_jwt':'" + issued.jwt() + "'").ok();
        assertThat(answer.text("session.session_id")).isEqualTo(issued.session().id());
        JwtProof.verify(client, app.clock(), answer.text("session_jwt"));
        advance(Duration.ofMinutes(1));
        authenticate("'session_jwt':'" + issued.jwt() + "'").refused(404, "session_not_found");
    }

    @Test
    void oneFromBeforeAChangeNamesTheSessionAsItIsNow() {
        Sessions.Issued<UserSession> issued = start(userId, 60, Attributes.NONE, "{'a':1}");
        authenticate(issued, "'session_custom_claims':{'a':2}").ok();
        assertThat(authenticate("'session_jwt':'" + issued.jwt() + "'")
                        .ok()
                        .at("session.custom_claims.a")
                        .asInt(0))
                .isEqualTo(2);
    }

    @Test
    void aJwtOfAnUnchangedSessionInTheSameSecondIsTheSame() {
        Sessions.Issued<UserSession> issued = start(60);
        assertThat(authenticate(issued).ok().text("session_jwt"))
                .isEqualTo(authenticate(issued).ok().text("session_jwt"));
    }

    @Test
    void oneOfAnotherProjectIsRefused() {
        Sessions.Issued<UserSession> issued = start(60);
        app.consumer()
                .post("/v1/sessions/authenticate", "{'session_jwt':'" + issued.jwt() + "'}")
                .refused(400, "unable_to_parse_session_jwt");
    }

    @Test
    void whatIsNoJwtIsRefused() {
        for (String jwt :
                new String[] {"x", "a.b.c", "..", "eyJhbGciOiJSUzI1NiJ9..", "a.b.c.d.e", "ü", "a".repeat(70_000)}) {
            refused(jwt);
        }
    }

    @Test
    void aChangedSignatureOrPayloadIsRefused() {
        String[] parts = start(60).jwt().split("\\.");
        char first = parts[2].charAt(0);
        refused(parts[0] + "." + parts[1] + "." + (first == 'A' ? 'B' : 'A') + parts[2].substring(1));
        refused(parts[0] + "." + parts[1] + ".");
        ObjectNode claims = Json.object(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
        claims.put("sub", "user-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6");
        refused(parts[0] + "." + encoded(Json.write(claims)) + "." + parts[2]);
    }

    @Test
    void anUnsignedJwtIsRefused() {
        String[] parts = start(60).jwt().split("\\.");
        String kid = Json.object(new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8))
                .path("kid")
                .stringValue();
        refused(encoded("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "." + parts[1] + ".");
        refused(encoded("{\"alg\":\"none\",\"kid\":\"" + kid + "\",\"typ\":\"JWT\"}") + "." + parts[1] + ".");
        refused(encoded("{\"alg\":\"None\",\"kid\":\"" + kid + "\",\"typ\":\"JWT\"}") + "." + parts[1] + "."
                + parts[2]);
    }

    @Test
    void oneSignedWithThePublicKeyAsASecretIsRefused() throws JOSEException {
        Sessions.Issued<UserSession> issued = start(60);
        RSAKey key = app.app().keys().current(client.project()).jwk();
        for (byte[] secret : new byte[][] {
            key.toRSAPublicKey().getEncoded(),
            key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8),
            key.getModulus().decode()
        }) {
            refused(signed(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .keyID(key.getKeyID())
                            .type(JOSEObjectType.JWT)
                            .build(),
                    decoded(issued.jwt(), 1),
                    new MACSigner(secret)));
        }
    }

    @Test
    void oneOfAnUnknownOrMissingKeyIsRefused() throws JOSEException {
        String claims = decoded(start(60).jwt(), 1);
        RSAKey stranger = new RSAKeyGenerator(2048).provider(Jose.PROVIDER).generate();
        String kid = app.app().keys().current(client.project()).kid();
        refused(signed(header("jwk-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6"), claims, new RSASSASigner(stranger)));
        refused(signed(header("../x"), claims, new RSASSASigner(stranger)));
        refused(signed(header(null), claims, new RSASSASigner(stranger)));
        refused(signed(header(kid), claims, new RSASSASigner(stranger)));
        // A key that the token brings itself counts for nothing.
        refused(signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(kid)
                        .jwk(stranger.toPublicJWK())
                        .build(),
                claims,
                new RSASSASigner(stranger)));
    }

    @Test
    void aGoodSignatureUnderWrongClaimsIsRefused() throws JOSEException {
        Sessions.Issued<UserSession> issued = start(60);
        refused(forged(
                issued, claims -> claims.put("iss", "stytch.com/project-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6")));
        refused(forged(issued, claims -> claims.remove("iss")));
        refused(forged(
                issued, claims -> claims.putArray("aud").add("project-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6")));
        refused(forged(issued, claims -> claims.remove("aud")));
        refused(forged(issued, claims -> claims.remove("https://stytch.com/session")));
        refused(forged(
                issued, claims -> claims.putObject("https://stytch.com/session").put("id", "x")));
        refused(forged(issued, claims -> claims.put("https://stytch.com/session", 7)));
        // The same way of making one, without a wrong claim, is accepted: the refusals above have no other
        // reason.
        authenticate("'session_jwt':'" + forged(issued, claims -> claims.remove("sub")) + "'")
                .ok();
    }

    @Test
    void aGoodSignatureOfASessionThatIsGoneIsNotFound() throws JOSEException {
        Sessions.Issued<UserSession> issued = start(60);
        String jwt = forged(issued, claims -> claims.putObject("https://stytch.com/session")
                .put("id", "session-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6"));
        authenticate("'session_jwt':'" + jwt + "'").refused(404, "session_not_found");
    }

    @Test
    void oneSignedWithAnotherAlgorithmOfTheSameKeyIsRefused() throws JOSEException {
        Sessions.Issued<UserSession> issued = start(60);
        SigningKey key = app.app().keys().current(client.project());
        refused(signed(
                new JWSHeader.Builder(JWSAlgorithm.RS512).keyID(key.kid()).build(),
                decoded(issued.jwt(), 1),
                new RSASSASigner(key.jwk())));
    }

    private void refused(String jwt) {
        authenticate("'session_jwt':'" + jwt + "'").refused(400, "unable_to_parse_session_jwt");
        revoke("'session_jwt':'" + jwt + "'").refused(400, "unable_to_parse_session_jwt");
    }

    private String forged(Sessions.Issued<UserSession> issued, Consumer<ObjectNode> change) throws JOSEException {
        SigningKey key = app.app().keys().current(client.project());
        ObjectNode claims = Json.object(decoded(issued.jwt(), 1));
        change.accept(claims);
        return signed(header(key.kid()), Json.write(claims), new RSASSASigner(key.jwk()));
    }

    private static JWSHeader header(String kid) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(kid)
                .type(JOSEObjectType.JWT)
                .build();
    }

    private static String signed(JWSHeader header, String claims, JWSSigner signer) throws JOSEException {
        JWSObject jws = new JWSObject(header, new Payload(claims));
        jws.sign(signer);
        return jws.serialize();
    }

    private static String decoded(String jwt, int part) {
        return new String(Base64.getUrlDecoder().decode(jwt.split("\\.")[part]), StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
