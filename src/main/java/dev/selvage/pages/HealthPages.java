package dev.selvage.pages;

import dev.selvage.http.RawRoute;
import dev.selvage.http.Response;
import dev.selvage.http.Surface;
import dev.selvage.ops.Readiness;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The health checks. `GET /healthz`: the process is alive. `GET /readyz`: whether the server accepts calls.
public final class HealthPages {

    private final Readiness readiness;

    public HealthPages(Readiness readiness) {
        this.readiness = readiness;
    }

    /// Returns the routes of the health checks.
    public List<RawRoute> pages(Surface anyone) {
        return List.of(
                RawRoute.get(anyone, "/healthz", request -> Response.json(200, Map.of("status", "alive"))),
                RawRoute.get(anyone, "/readyz", request -> {
                    Readiness.State state = readiness.state();
                    return Response.json(
                            state == Readiness.State.UNAVAILABLE ? 503 : 200,
                            Map.of("status", state.name().toLowerCase(Locale.ROOT)));
                }));
    }
}
