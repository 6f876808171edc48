package dev.selvage.tokenexchange;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.selvage.projects.Jose;
import dev.selvage.projects.Policy;
import dev.selvage.projects.Settings.TrustedTokenProfile;
import dev.selvage.support.Client;
import dev.selvage.support.TestApp;
import java.io.IOException;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// An issuer that a project trusts: it publishes its keys by HTTP and signs tokens.
public final class TrustedIssuer implements AutoCloseable {

    public static final String NAME = "https://issuer.example.com";
    public static final String AUDIENCE = "selvage";
    public static final RSAKey KEY = rsa("key-1");

    private final TestApp app;
    private final ExternalService service = new ExternalService();
    private int made;

    public TrustedIssuer(TestApp app) throws IOException {
        this.app = app;
        publish(KEY);
    }

    public ExternalService service() {
        return service;
    }

    public void publish(JWK... keys) {
        service.answer("/jwks", 200, new JWKSet(List.of(keys)).toPublicJWKSet().toString());
    }

    /// Makes the project trust this issuer under the profile `main`, and gives it a role `editor`.
    public void trustedBy(Client client, UnaryOperator<TrustedTokenProfile> changes) {
        TrustedTokenProfile profile = changes.apply(new TrustedTokenProfile(
                "main",
                NAME,
                AUDIENCE,
                service.url("/jwks"),
                null,
                Map.of(
                        "email",
                        "email",
                        "token_id",
                        "jti",
                        "external_id",
                        "ext",
                        "role_ids",
                        "groups",
                        "organization_id",
                        "org"),
                null,
                null,
                null,
                null));
        Policy policy = new Policy(List.of(new Policy.Role("editor", "", List.of())), null, null);
        app.setting(client, "rbac", policy);
        app.setting(client, "trusted_token_profiles", List.of(profile));
    }

    /// The profile that also makes whom it does not know.
    public static TrustedTokenProfile jit(TrustedTokenProfile before) {
        return new TrustedTokenProfile(
                before.profileId(),
                before.issuer(),
                before.audience(),
                before.jwksUrl(),
                before.pemKeys(),
                before.attributeMapping(),
                true,
                null,
                null,
                null);
    }

    /// A token about ada@example.com, good for a minute; the first one has the id `token-1`.
    public String token(UnaryOperator<JWTClaimsSet.Builder> changes) {
        try {
            return sign(KEY, JWSAlgorithm.RS256, changes.apply(claims()).build());
        } catch (JOSEException failed) {
            throw new IllegalStateException(failed);
        }
    }

    public JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(NAME)
                .audience(AUDIENCE)
                .jwtID("token-" + ++made)
                .expirationTime(at(60))
                .claim("email", "ada@example.com");
    }

    public Date at(long secondsFromNow) {
        return Date.from(app.clock().instant().plusSeconds(secondsFromNow));
    }

    public static String sign(JWK key, JWSAlgorithm algorithm, JWTClaimsSet claims) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(algorithm)
                        .keyID(key.getKeyID())
                        .type(JOSEObjectType.JWT)
                        .build(),
                claims);
        JWSSigner signer = key instanceof ECKey ec ? new ECDSASigner(ec) : new RSASSASigner((RSAKey) key);
        token.sign(signer);
        return token.serialize();
    }

    public static RSAKey rsa(String kid) {
        try {
            return new RSAKeyGenerator(2048).provider(Jose.PROVIDER).keyID(kid).generate();
        } catch (JOSEException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public void close() {
        service.close();
    }
}
