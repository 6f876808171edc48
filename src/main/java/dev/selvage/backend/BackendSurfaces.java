package dev.selvage.backend;

import dev.selvage.http.Authenticator;
import dev.selvage.http.BodyFormat;
import dev.selvage.http.Cors;
import dev.selvage.http.Surface;
import dev.selvage.projects.Projects;
import dev.selvage.projects.Vertical;
import java.util.EnumSet;
import java.util.Set;

/// The surfaces of the backend API, by caller. They read JSON and write the envelope, and allow no CORS.
///
/// @param consumer `/v1/` for consumer projects
/// @param b2b `/v1/b2b/` for B2B projects
/// @param anyProject `/v1/` for projects of both kinds (`endpoints.md`, "Shared with Consumer")
/// @param anyone `/v1/` without credentials
/// @param pages `/` for pages that browsers, load balancers and the operator request, without credentials
public record BackendSurfaces(Surface consumer, Surface b2b, Surface anyProject, Surface anyone, Surface pages) {

    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "DELETE");

    public static BackendSurfaces of(Projects projects, ErrorUrls errorUrls) {
        Authenticator anyProject = new ProjectCredentials(projects, EnumSet.allOf(Vertical.class));
        Surface consumer = new Surface(
                "/v1/",
                new ProjectCredentials(projects, Set.of(Vertical.CONSUMER)),
                BodyFormat.JSON,
                new Envelope(errorUrls),
                Cors.NONE,
                METHODS);
        return new BackendSurfaces(
                consumer,
                consumer.at("/v1/b2b/").calledBy(new ProjectCredentials(projects, Set.of(Vertical.B2B))),
                consumer.calledBy(anyProject),
                consumer.calledBy(ProjectCredentials.anyone()),
                consumer.at("/").calledBy(ProjectCredentials.anyone()));
    }
}
