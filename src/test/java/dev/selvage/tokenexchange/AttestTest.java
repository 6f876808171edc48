package dev.selvage.tokenexchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.projects.Settings.TrustedTokenProfile;
import dev.selvage.support.Client;
import dev.selvage.support.WireTest;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `POST /v1/sessions/attest`: `semantics.md` 6, `open-questions.md` 32.
class AttestTest extends WireTest {

    private static final RSAKey KEY = TrustedIssuer.KEY;
    private static final RSAKey OTHER = TrustedIssuer.rsa("key-2");

    private TrustedIssuer issuer;
    private String userId;

    @BeforeEach
    void trustIssuer() throws IOException {
        issuer = new TrustedIssuer(app);
        profile(identity -> identity);
        userId = client.post("/v1/users", "{'email':'ada@example.com'}").ok().text("user_id");
    }

    @AfterEach
    void closeIssuer() {
        issuer.close();
    }

    @Test
    void aSessionStartsForTheUserWhoseAddressTheTokenHolds() {
        Client.Answer answer =
                attest(token(claims -> claims), "'session_duration_minutes':60").ok();
        assertThat(answer.text("user_id")).isEqualTo(userId);
        assertThat(answer.text("session.user_id")).isEqualTo(userId);
        assertThat(answer.text("session.authentication_factors.0.type")).isEqualTo("trusted_auth_token");
        assertThat(answer.text("session.authentication_factors.0.delivery_method"))
                .isEqualTo("trusted_token_exchange");
        assertThat(answer.text("session.authentication_factors.0.trusted_auth_token_factor.token_id"))
                .isEqualTo("token-1");
        client.post("/v1/sessions/authenticate", "{'session_jwt':'" + answer.text("session_jwt") + "'}")
                .ok();
    }

    @Test
    void withoutADurationNoSessionStarts() {
        Client.Answer answer = attest(token(claims -> claims), "").ok();
        assertThat(answer.text("session_token")).isEmpty();
        assertThat(answer.at("session").isNull()).isTrue();
    }

    @Test
    void theFactorIsAddedToTheSessionInTheRequest() {
        String first = attest(token(claims -> claims), "'session_duration_minutes':60")
                .ok()
                .text("session_token");
        app.clock().advance(Duration.ofSeconds(10));
        Client.Answer answer = attest(token(claims -> claims.jwtID("token-2")), "'session_token':'" + first + "'")
                .ok();
        assertThat(answer.text("session_token")).isEqualTo(first);
        // The next token proves the same again: the list does not grow with every token.
        assertThat(answer.at("session.authentication_factors")).hasSize(1);
        assertThat(answer.text("session.authentication_factors.0.trusted_auth_token_factor.token_id"))
                .isEqualTo("token-2");
        assertThat(answer.text("session.authentication_factors.0.last_authenticated_at"))
                .isEqualTo(app.clock().instant().toString());
        assertThat(client.get("/v1/sessions?user_id=" + userId).ok().at("sessions"))
                .hasSize(1);
    }

    @Test
    void twoSessionArgumentsAreTooMany() {
        attest(token(claims -> claims), "'session_token':'" + "a".repeat(44) + "','session_jwt':'x'")
                .refused(400, "too_many_session_arguments");
        attest(token(claims -> claims), "'session_token':'" + "a".repeat(44) + "'")
                .refused(404, "session_not_found");
    }

    @Test
    void anUnknownProfileIsNotFound() {
        client.post("/v1/sessions/attest", "{'profile_id':'other','token':'x'}")
                .refused(404, "trusted_token_profile_not_found");
    }

    @Test
    void requiredFieldsAndFormatsAreCheckedFirst() {
        client.post("/v1/sessions/attest", "{'profile_id':'main'}").refused(400, "bad_request");
        client.post("/v1/sessions/attest", "{'token':'x'}").refused(400, "bad_request");
        attest("x", "'session_duration_minutes':1").refused(400, "invalid_session_duration_minutes");
    }

    @Test
    void theIssuerMustBeTheProfiles() {
        attest(token(claims -> claims.issuer("https://elsewhere.example.com")), "")
                .refused(400, "jwt_invalid_issuer");
        attest(token(claims -> claims.issuer(null)), "").refused(400, "jwt_invalid_issuer");
    }

    @Test
    void theAudienceMustHoldTheProfiles() {
        attest(token(claims -> claims.audience("other")), "").refused(400, "jwt_invalid_audience");
        attest(token(claims -> claims.audience((String) null)), "").refused(400, "jwt_invalid_audience");
        attest(token(claims -> claims.audience(List.of("other", TrustedIssuer.AUDIENCE))), "")
                .ok();
    }

    @Test
    void timesMustHoldWithinAMinuteOfSkew() {
        attest(token(claims -> claims.expirationTime(issuer.at(-61))), "").refused(400, "jwt_invalid_claims");
        attest(token(claims -> claims.expirationTime(issuer.at(-59))), "").ok();
        attest(token(claims -> claims.expirationTime(null)), "").refused(400, "jwt_invalid_claims");
        attest(token(claims -> claims.notBeforeTime(issuer.at(61))), "").refused(400, "jwt_invalid_claims");
        attest(token(claims -> claims.notBeforeTime(issuer.at(59))), "").ok();
        attest(token(claims -> claims.issueTime(issuer.at(61))), "").refused(400, "jwt_invalid_claims");
    }

    @Test
    void theMappedClaimsMustBeThereAndFit() {
        attest(token(claims -> claims.claim("email", null)), "").refused(400, "jwt_invalid_claims");
        attest(token(claims -> claims.claim("email", "nonsense")), "").refused(400, "jwt_invalid_claims");
        attest(token(claims -> claims.claim("email", 7)), "").refused(400, "jwt_invalid_claims");
        attest(token(claims -> claims.jwtID(null)), "").refused(400, "jwt_invalid_claims");
        attest(token(claims -> claims.claim("groups", "editor")), "").refused(400, "jwt_invalid_claims");
        attest(token(claims -> claims.claim("ext", "not an id")), "").refused(400, "jwt_invalid_claims");
    }

    @Test
    void theFirstProofOfAnAddressTakesTheAccountFromWhoeverSetThePassword() {
        String credentials = "'email':'grace@example.com','password':'correct horse battery staple 7'";
        Client.Answer stranger = client.post("/v1/passwords", "{" + credentials + ",'session_duration_minutes':60}")
                .ok();
        Client.Answer holder = attest(
                        token(claims -> claims.claim("email", "grace@example.com")), "'session_duration_minutes':60")
                .ok();
        assertThat(holder.text("user_id")).isEqualTo(stranger.text("user_id"));
        assertThat(holder.at("user.emails.0.verified").booleanValue()).isTrue();
        client.post("/v1/sessions/authenticate", "{'session_token':'" + stranger.text("session_token") + "'}")
                .refused(404, "session_not_found");
        client.post("/v1/passwords/authenticate", "{" + credentials + "}").refused(400, "reset_password");
        client.post("/v1/sessions/authenticate", "{'session_token':'" + holder.text("session_token") + "'}")
                .ok();
    }

    @Test
    void claimsAreReadUnderTheNamesThatTheProfileMaps() {
        profile(before -> new TrustedTokenProfile(
                before.profileId(),
                before.issuer(),
                before.audience(),
                before.jwksUrl(),
                before.pemKeys(),
                Map.of("email", "mail", "token_id", "nonce"),
                before.canJitProvision(),
                null,
                null,
                null));
        Client.Answer answer = attest(
                        token(claims -> claims.claim("email", null)
                                .claim("mail", "ADA@example.com")
                                .claim("nonce", "n-1")),
                        "'session_duration_minutes':5")
                .ok();
        assertThat(answer.text("session.authentication_factors.0.trusted_auth_token_factor.token_id"))
                .isEqualTo("n-1");
        // What is not mapped is read under no name at all.
        answer = attest(
                        token(claims -> claims.claim("mail", "ada@example.com")
                                .claim("nonce", "n-2")
                                .claim("", List.of("editor"))),
                        "'session_duration_minutes':5")
                .ok();
        assertThat(answer.at("session.roles").toString()).isEqualTo("[\"stytch_user\"]");
    }

    @Test
    void aTokenThatTheKeysDoNotVerifyIsRefused() throws JOSEException {
        // A foreign key under the kid of the trusted one.
        RSAKey forged = new RSAKey.Builder(OTHER).keyID("key-1").build();
        attest(TrustedIssuer.sign(forged, JWSAlgorithm.RS256, claims().build()), "")
                .refused(400, "invalid_trusted_auth_token");
        // Changed after it was signed.
        String[] parts = token(claims -> claims).split("\\.");
        String payload = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims().claim("email", "eve@example.com")
                        .build()
                        .toString()
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        attest(parts[0] + "." + payload + "." + parts[2], "").refused(400, "invalid_trusted_auth_token");
        // Not a JWT at all, and too long.
        attest("x", "").refused(400, "invalid_trusted_auth_token");
        attest("a.b.c", "").refused(400, "invalid_trusted_auth_token");
        attest("a".repeat(20_000), "").refused(400, "invalid_trusted_auth_token");
    }

    @Test
    void anUnsignedTokenIsRefused() {
        attest(new PlainJWT(claims().build()).serialize(), "").refused(400, "invalid_trusted_auth_token");
    }

    @Test
    void aTokenSignedWithThePublicKeyAsASecretIsRefused() throws Exception {
        byte[] secret = KEY.toRSAPublicKey().getEncoded();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("key-1").build(), claims().build());
        token.sign(new MACSigner(secret));
        attest(token.serialize(), "").refused(400, "invalid_trusted_auth_token");
        pemProfile(pem(KEY.toPublicKey().getEncoded()));
        attest(token.serialize(), "").refused(400, "invalid_trusted_auth_token");
        SignedJWT withPem = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims().build());
        withPem.sign(new MACSigner(
                pem(KEY.toPublicKey().getEncoded()).getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        attest(withPem.serialize(), "").refused(400, "invalid_trusted_auth_token");
    }

    @Test
    void aSymmetricKeyInTheKeySetVerifiesNothing() throws Exception {
        byte[] secret = new byte[32];
        issuer.service()
                .answer(
                        "/jwks",
                        200,
                        "{'keys':[{'kty':'oct','kid':'key-1','alg':'HS256','k':'"
                                + Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "'}]}");
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("key-1").build(), claims().build());
        token.sign(new MACSigner(secret));
        attest(token.serialize(), "").refused(400, "invalid_trusted_auth_token");
    }

    @Test
    void asymmetricAlgorithmsOfEveryFamilyVerify() throws JOSEException {
        ECKey p256 = new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
        ECKey p521 = new ECKeyGenerator(Curve.P_521).keyID("ec-2").generate();
        issuer.publish(KEY, p256, p521);
        attest(TrustedIssuer.sign(KEY, JWSAlgorithm.RS512, claims().build()), "")
                .ok();
        attest(TrustedIssuer.sign(KEY, JWSAlgorithm.PS256, claims().build()), "")
                .ok();
        attest(TrustedIssuer.sign(p256, JWSAlgorithm.ES256, claims().build()), "")
                .ok();
        attest(TrustedIssuer.sign(p521, JWSAlgorithm.ES512, claims().build()), "")
                .ok();
    }

    @Test
    void pemKeysVerifyWhateverKidTheTokenNames() throws JOSEException {
        ECKey ec = new ECKeyGenerator(Curve.P_384).generate();
        pemProfile(
                pem(OTHER.toPublicKey().getEncoded()),
                pem(KEY.toPublicKey().getEncoded()),
                pem(ec.toPublicKey().getEncoded()));
        attest(token(claims -> claims), "").ok();
        attest(TrustedIssuer.sign(OTHER, JWSAlgorithm.RS256, claims().build()), "")
                .ok();
        attest(TrustedIssuer.sign(ec, JWSAlgorithm.ES384, claims().build()), "").ok();
        attest(TrustedIssuer.sign(TrustedIssuer.rsa("key-3"), JWSAlgorithm.RS256, claims().build()), "")
                .refused(400, "invalid_trusted_auth_token");
        pemProfile("-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----\n");
        attest(token(claims -> claims), "").refused(400, "invalid_trusted_auth_token");
    }

    @Test
    void theKeySetIsReadOnceAndAgainWhenAKeyIsUnknownButNotForEveryToken() throws JOSEException {
        attest(token(claims -> claims), "").ok();
        attest(token(claims -> claims), "").ok();
        assertThat(issuer.service().seen("/jwks")).hasSize(1);
        issuer.publish(KEY, OTHER);
        attest(TrustedIssuer.sign(OTHER, JWSAlgorithm.RS256, claims().build()), "")
                .ok();
        assertThat(issuer.service().seen("/jwks")).hasSize(2);
        for (int i = 0; i < 5; i++) {
            attest(TrustedIssuer.sign(TrustedIssuer.rsa("stranger"), JWSAlgorithm.RS256, claims().build()), "")
                    .refused(400, "invalid_trusted_auth_token");
        }
        assertThat(issuer.service().seen("/jwks").size()).isLessThanOrEqualTo(3);
        attest(token(claims -> claims), "").ok();
    }

    @Test
    void keysThatCannotBeReadRefuseTheToken() {
        issuer.service().answer("/jwks", 500, "");
        attest(token(claims -> claims), "").refused(400, "invalid_trusted_auth_token");
    }

    @Test
    void anUnknownAddressIsNotFoundUnlessTheProfileMakesUsers() {
        attest(token(claims -> claims.claim("email", "new@example.com")), "").refused(404, "user_not_found");
        jit();
        Client.Answer answer = attest(
                        token(claims -> claims.claim("email", "new@example.com")), "'session_duration_minutes':5")
                .ok();
        assertThat(answer.text("user.emails.0.email")).isEqualTo("new@example.com");
        assertThat(answer.text("user.status")).isEqualTo("active");
        assertThat(answer.text("user_id")).isNotEqualTo(userId);
        assertThat(attest(token(claims -> claims.claim("email", "new@example.com")), "")
                        .ok()
                        .text("user_id"))
                .isEqualTo(answer.text("user_id"));
    }

    @Test
    void aUserIsMadeWithTheExternalIdAndTheRolesOfTheToken() {
        jit();
        Client.Answer answer = attest(
                        token(claims -> claims.claim("email", "new@example.com")
                                .claim("ext", "ext|1")
                                .claim("groups", List.of("editor"))),
                        "'session_duration_minutes':5")
                .ok();
        assertThat(answer.text("user.external_id")).isEqualTo("ext|1");
        assertThat(answer.at("session.roles").toString()).contains("editor");
        assertThat(client.get("/v1/users/ext%7C1").ok().text("user_id")).isEqualTo(answer.text("user_id"));
    }

    @Test
    void aKnownUserGetsTheExternalIdAndTheRolesOfTheToken() {
        Client.Answer answer = attest(
                        token(claims -> claims.claim("ext", "ada|1").claim("groups", List.of("editor"))),
                        "'session_duration_minutes':5")
                .ok();
        assertThat(answer.text("user_id")).isEqualTo(userId);
        assertThat(answer.text("user.external_id")).isEqualTo("ada|1");
        assertThat(answer.at("session.roles").toString()).isEqualTo("[\"stytch_user\",\"editor\"]");
        // A token that names none takes nothing away.
        answer = attest(token(claims -> claims), "'session_duration_minutes':5").ok();
        assertThat(answer.text("user.external_id")).isEqualTo("ada|1");
        assertThat(answer.at("session.roles").toString()).isEqualTo("[\"stytch_user\",\"editor\"]");
        attest(token(claims -> claims.claim("groups", List.of("nobody"))), "").refused(400, "invalid_rbac_role_id");
    }

    @Test
    void aRoleThatTheProjectLacksIsRefusedAndMakesNoUser() {
        jit();
        attest(token(claims -> claims.claim("email", "new@example.com").claim("groups", List.of("nobody"))), "")
                .refused(400, "invalid_rbac_role_id");
        assertThat(app.app().users().findByEmail(client.project(), new EmailAddress("new@example.com")))
                .isEmpty();
    }

    @Test
    void anExternalIdOfAnotherUserIsRefused() {
        jit();
        client.post("/v1/users", "{'email':'bob@example.com','external_id':'bob'}")
                .ok();
        attest(token(claims -> claims.claim("email", "bob@example.com").claim("ext", "robert")), "")
                .refused(400, "trusted_token_profile_incorrect_external_id_mapping");
        attest(token(claims -> claims.claim("email", "bob@example.com").claim("ext", "bob")), "")
                .ok();
        attest(token(claims -> claims.claim("email", "new@example.com").claim("ext", "bob")), "")
                .refused(400, "trusted_token_profile_incorrect_external_id_mapping");
        assertThat(app.app().users().findByEmail(client.project(), new EmailAddress("new@example.com")))
                .isEmpty();
        attest(token(claims -> claims.claim("ext", "bob")), "")
                .refused(400, "trusted_token_profile_incorrect_external_id_mapping");
    }

    @Test
    void manyTokensForOneNewAddressMakeOneUser() throws Exception {
        jit();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String token =
                        token(claims -> claims.claim("email", "new@example.com").claim("ext", "new|1"));
                calls.add(
                        () -> attest(token, "'session_duration_minutes':5").ok().text("user_id"));
            }
            Set<String> users = new java.util.HashSet<>();
            for (Future<String> call : threads.invokeAll(calls)) {
                users.add(call.get());
            }
            assertThat(users).hasSize(1);
            assertThat(client.get("/v1/sessions?user_id=" + users.iterator().next())
                            .ok()
                            .at("sessions"))
                    .hasSize(12);
        }
    }

    private Client.Answer attest(String token, String members) {
        return client.post(
                "/v1/sessions/attest",
                "{'profile_id':'main','token':'" + token + "'" + (members.isEmpty() ? "" : "," + members) + "}");
    }

    private void jit() {
        profile(TrustedIssuer::jit);
    }

    private void pemProfile(String... pems) {
        profile(before -> new TrustedTokenProfile(
                before.profileId(),
                before.issuer(),
                before.audience(),
                null,
                List.of(pems),
                before.attributeMapping(),
                before.canJitProvision(),
                null,
                null,
                null));
    }

    private void profile(UnaryOperator<TrustedTokenProfile> changes) {
        issuer.trustedBy(client, changes);
    }

    private String token(UnaryOperator<JWTClaimsSet.Builder> changes) {
        return issuer.token(changes);
    }

    private JWTClaimsSet.Builder claims() {
        return issuer.claims();
    }

    private static String pem(byte[] encoded) {
        StringWriter pem = new StringWriter();
        pem.append("-----BEGIN PUBLIC KEY-----\n");
        pem.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded));
        return pem.append("\n-----END PUBLIC KEY-----\n").toString();
    }
}
