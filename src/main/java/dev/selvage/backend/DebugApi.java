package dev.selvage.backend;

import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import java.util.List;

/// `/v1/debug`: names the project of the credentials. Both products have this call.
public final class DebugApi {

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on) {
        return List.of(on.anyProject().get("/v1/debug/whoami", WhoamiRequest.class, this::whoami));
    }

    record WhoamiRequest() {}

    record WhoamiResponse(String projectId, String name) {}

    private WhoamiResponse whoami(RequestContext context, WhoamiRequest request) {
        return new WhoamiResponse(context.project().id(), context.project().name());
    }
}
