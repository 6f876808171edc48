package dev.selvage.backend;

import dev.selvage.http.Endpoint;
import java.util.List;

/// `/v1/public`: the public data of a project, its keys.
public final class PublicApi {

    private final JsonWebKeySets keySets;

    public PublicApi(JsonWebKeySets keySets) {
        this.keySets = keySets;
    }

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on) {
        return List.of(keySets.endpoint(on, "/v1/public/{project_id}/.well-known/jwks.json"));
    }
}
