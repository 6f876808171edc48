package dev.selvage.backend;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.nimbusds.jose.jwk.RSAKey;
import dev.selvage.base.Ids;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ProjectErrors;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.projects.Project;
import dev.selvage.projects.Projects;
import dev.selvage.projects.SigningKey;
import dev.selvage.projects.SigningKeys;
import java.util.List;

/// The public keys of session JWTs, as a JSON Web Key Set (RFC 7517). Three paths return it.
public final class JsonWebKeySets {

    private final SigningKeys keys;
    private final Projects projects;

    public JsonWebKeySets(SigningKeys keys, Projects projects) {
        this.keys = keys;
        this.projects = projects;
    }

    /// An endpoint that returns the keys. Verifiers fetch it without credentials. The Java SDK expects
    /// `Cache-Control` (`sdk-facts.md` 6).
    public Endpoint<?, ?> endpoint(BackendSurfaces on, String path) {
        return on.anyone().get(path, JwksRequest.class, this::jwks).header("Cache-Control", "public, max-age=900");
    }

    record JwksRequest(String projectId) {}

    record JwksResponse(List<KeyBody> keys) {}

    /// A key. The Java and Python SDKs need every field, `x5tS256` as a string and `x5c` as an array
    /// (`sdk-facts.md` 6).
    record KeyBody(
            String kty,
            String use,
            List<String> keyOps,
            String alg,
            String kid,
            List<String> x5c,
            @JsonProperty("x5tS256") String x5tS256,
            String n,
            String e) {}

    private JwksResponse jwks(RequestContext context, JwksRequest request) {
        Check.that(Ids.PROJECT.matches(request.projectId), ProjectErrors.INVALID_PROJECT_ID);
        Project project =
                projects.find(request.projectId).orElseThrow(() -> ApiError.of(ProjectErrors.PROJECT_NOT_FOUND));
        return new JwksResponse(
                keys.published(project).stream().map(JsonWebKeySets::body).toList());
    }

    private static KeyBody body(SigningKey key) {
        RSAKey jwk = key.jwk();
        return new KeyBody(
                "RSA",
                "sig",
                List.of("verify"),
                "RS256",
                key.kid(),
                List.of(),
                "",
                jwk.getModulus().toString(),
                jwk.getPublicExponent().toString());
    }
}
