package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.projects.Vertical;
import dev.selvage.support.Client;
import dev.selvage.support.TestClock;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;

/// Verifies session JWTs as a backend does: with another library than the server's, from the JWKS that the
/// server answers, without any leeway.
final class JwtProof {

    private JwtProof() {}

    /// The claims of a JWT that this project's published keys verify now.
    static JwtClaims verify(Client client, TestClock clock, String jwt) {
        try {
            return new JwtConsumerBuilder()
                    .setVerificationKeyResolver(new JwksVerificationKeyResolver(
                            new JsonWebKeySet(client.get(path(client) + client.projectId())
                                            .ok()
                                            .body()
                                            .toString())
                                    .getJsonWebKeys()))
                    .setJwsAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, "RS256"))
                    .setExpectedType(true, "JWT")
                    .setExpectedIssuer("stytch.com/" + client.projectId())
                    .setExpectedAudience(client.projectId())
                    .setRequireSubject()
                    .setRequireExpirationTime()
                    .setRequireIssuedAt()
                    .setRequireNotBefore()
                    .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                    .setAllowedClockSkewInSeconds(0)
                    .build()
                    .processToClaims(jwt);
        } catch (InvalidJwtException | JoseException refused) {
            throw new AssertionError(refused);
        }
    }

    private static String path(Client client) {
        return client.project().vertical() == Vertical.B2B ? "/v1/b2b/sessions/jwks/" : "/v1/sessions/jwks/";
    }

    /// Fails unless this project's published keys refuse the JWT now.
    static void refuses(Client client, TestClock clock, String jwt) {
        try {
            verify(client, clock, jwt);
        } catch (AssertionError refused) {
            assertThat(refused.getCause()).isInstanceOf(InvalidJwtException.class);
            return;
        }
        throw new AssertionError("The JWT was accepted: " + jwt);
    }
}
