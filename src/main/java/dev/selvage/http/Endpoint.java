package dev.selvage.http;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// One call of the API as a value: where it answers, what it reads, what it does. The pipeline does all the
/// rest, so that no endpoint can forget a shared step.
///
/// @param request the record that path, query and body are read into; its compact constructor checks them
/// @param handler from the checked request to the members of the answer, without `status_code` and `request_id`
/// @param headers additional headers of a successful answer
/// @param wish for calls that may carry a member's session, as whom they then run: what the request wants; it
///                may refuse what no member may do. Null for all others
/// @param <Q> the request record
/// @param <A> the answer record
public record Endpoint<Q, A>(
        String method,
        String path,
        Access access,
        Class<Q> request,
        Handler<Q, A> handler,
        Map<String, String> headers,
        Function<Q, RequiredPermissions> wish)
        implements Route {

    /// Nouns whose calls both products share. Source: `endpoints.md`, "Shared with Consumer".
    private static final Set<String> SHARED = Set.of("connected_apps", "debug", "m2m", "projects", "public");

    /// What a call does.
    @FunctionalInterface
    public interface Handler<Q, A> {
        A handle(RequestContext call, Q request);
    }

    public static <Q, A> Endpoint<Q, A> get(String path, Class<Q> request, Handler<Q, A> handler) {
        return of("GET", path, request, handler);
    }

    public static <Q, A> Endpoint<Q, A> post(String path, Class<Q> request, Handler<Q, A> handler) {
        return of("POST", path, request, handler);
    }

    public static <Q, A> Endpoint<Q, A> put(String path, Class<Q> request, Handler<Q, A> handler) {
        return of("PUT", path, request, handler);
    }

    public static <Q, A> Endpoint<Q, A> delete(String path, Class<Q> request, Handler<Q, A> handler) {
        return of("DELETE", path, request, handler);
    }

    /// The same endpoint for callers without credentials. Its [RequestContext] has no project.
    public Endpoint<Q, A> open() {
        return new Endpoint<>(method, path, Access.OPEN, request, handler, headers, wish);
    }

    /// The same endpoint with a header on its successful answers.
    public Endpoint<Q, A> header(String name, String value) {
        return new Endpoint<>(method, path, access, request, handler, Map.of(name, value), wish);
    }

    /// The same endpoint as one of the calls that may carry a member's session (the contract's
    /// `x-member-authorization`).
    ///
    /// @param wanted what a request wants to do, and to whom
    public Endpoint<Q, A> withMemberSession(Function<Q, RequiredPermissions> wanted) {
        return new Endpoint<>(method, path, access, request, handler, headers, wanted);
    }

    private static <Q, A> Endpoint<Q, A> of(String method, String path, Class<Q> request, Handler<Q, A> handler) {
        return new Endpoint<>(method, path, access(path), request, handler, Map.of(), null);
    }

    private static Access access(String path) {
        if (path.startsWith("/v1/b2b/")) {
            return Access.B2B;
        }
        return SHARED.contains(path.split("/")[2]) ? Access.ANY_PROJECT : Access.CONSUMER;
    }
}
