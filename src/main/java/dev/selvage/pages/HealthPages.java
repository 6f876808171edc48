package dev.selvage.pages;

import dev.selvage.db.Database;
import dev.selvage.http.RawRoute;
import dev.selvage.http.Response;
import dev.selvage.http.Surface;
import java.util.List;
import java.util.Map;

/// `GET /healthz`: the process is alive. `GET /readyz`: send it calls; its store answers and it is not
/// stopping. A store that can only be read is ready: it serves most calls, and another node would have no
/// other.
public final class HealthPages {

    private final Database database;
    private volatile boolean ready;

    public HealthPages(Database database) {
        this.database = database;
    }

    public List<RawRoute> pages(Surface anyone) {
        return List.of(
                RawRoute.get(anyone, "/healthz", request -> Response.json(200, Map.of("status", "alive"))),
                RawRoute.get(
                        anyone,
                        "/readyz",
                        request -> ready && database.reachable()
                                ? Response.json(200, Map.of("status", database.refusesWrites() ? "read_only" : "ready"))
                                : Response.json(503, Map.of("status", "unavailable"))));
    }

    /// From now on the server is ready.
    public void ready() {
        ready = true;
    }

    /// From now on a balancer should send calls elsewhere.
    public void draining() {
        ready = false;
    }
}
