package dev.selvage.http;

import dev.selvage.base.CallLog;
import dev.selvage.base.CallMemory;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.MemoryBudgetException;
import dev.selvage.db.StoreUnavailableException;
import dev.selvage.error.ApiError;
import dev.selvage.error.RequestErrors;
import dev.selvage.limits.OperationLimits;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The steps that all calls share, in the order of `open-questions.md` 37: route, method, credentials, limit,
/// request, handler, response, then one log line. The [Surface] of the route decides how each step works. The
/// [Endpoint] contains the handler.
public final class Pipeline {

    private static final Logger LOG = LoggerFactory.getLogger("selvage.calls");

    private final Routes routes;
    /// Longest prefix first.
    private final List<Surface> surfaces;
    private final OperationLimits limits;
    private final ClockAndRandom clock;

    /// Creates the pipeline of all routes of the server.
    ///
    /// @throws IllegalArgumentException if two routes have the same method and path
    public Pipeline(Collection<? extends Route> routes, OperationLimits limits, ClockAndRandom clock) {
        this.routes = new Routes(routes);
        this.surfaces = routes.stream()
                .map(Route::surface)
                .distinct()
                .sorted(Comparator.comparing(
                                (Surface surface) -> surface.prefix().length())
                        .reversed())
                .toList();
        this.limits = limits;
        this.clock = clock;
    }

    /// The state of a call so far, for the response and the log line.
    private static final class Progress {
        private final String remote;
        private final Routes.@Nullable Match match;
        private final @Nullable Route route;
        private final Surface surface;
        private final Authenticator.Credentials credentials;
        private final String requestId;
        private String projectId = "";
        private String operation = "";
        private String target = "";
        private String errorType = "";

        private Progress(
                String remote,
                Routes.@Nullable Match match,
                @Nullable Route route,
                Surface surface,
                Authenticator.Credentials credentials,
                String requestId) {
            this.remote = remote;
            this.match = match;
            this.route = route;
            this.surface = surface;
            this.credentials = credentials;
            this.requestId = requestId;
        }
    }

    /// Handles a request and logs one line. Every exception becomes a response.
    Response handle(Request request) {
        long begin = System.nanoTime();
        Progress progress = begin(request);
        Response response;
        try {
            response = respond(request, progress);
        } catch (ApiError refused) {
            response = refusal(refused, request, progress);
        } catch (StoreUnavailableException unavailable) {
            // One line without a stack trace: the cause is outside of the program, and each call during an
            // outage logs one.
            LOG.atError()
                    .addKeyValue("request_id", progress.requestId)
                    .addKeyValue("operation", progress.operation)
                    .addKeyValue("cause", unavailable.getMessage())
                    .log("store unavailable");
            response = refusal(ApiError.of(RequestErrors.SERVER_UNAVAILABLE), request, progress);
        } catch (MemoryBudgetException full) {
            ApiError refused = full.exceedsBudget()
                    ? ApiError.badField("", "asks for more than fits into the server's memory: ask for less at a time")
                    : ApiError.of(
                            RequestErrors.SERVER_UNAVAILABLE,
                            "The server is creating other large responses. Please try again.");
            response = refusal(refused, request, progress);
        } catch (Throwable fault) {
            LOG.atError()
                    .addKeyValue("request_id", progress.requestId)
                    .addKeyValue("operation", progress.operation)
                    .setCause(fault)
                    .log("fault");
            response = refusal(ApiError.of(RequestErrors.INTERNAL_SERVER_ERROR), request, progress);
        }
        log(progress, response, begin);
        CallLog.clear();
        return response;
    }

    /// The response to bytes that are not a valid HTTP request, `bad_request`.
    ///
    /// @param path the path as far as it is known; empty if it is not
    /// @param problem the error message
    Response unreadable(String path, String problem) {
        long begin = System.nanoTime();
        Request request = new Request("GET", path, Map.of(), Map.of(), name -> List.of(), () -> new byte[0], "");
        Progress progress = begin(request);
        Response response = refusal(ApiError.of(RequestErrors.BAD_REQUEST, problem), request, progress);
        log(progress, response, begin);
        return response;
    }

    private Progress begin(Request request) {
        Routes.Match match = routes.find(method(request), request.path()).orElse(null);
        Route route = match == null ? null : match.methods().get(method(request));
        Surface surface = route != null ? route.surface() : surface(request.path(), match);
        Authenticator.Credentials credentials = surface.authenticator().read(request);
        String requestId = Ids.REQUEST.next(clock, credentials.environment());
        return new Progress(request.remote(), match, route, surface, credentials, requestId);
    }

    /// The surface whose format a refusal has if no route matches.
    private Surface surface(String path, Routes.@Nullable Match match) {
        return match != null
                ? match.methods().values().iterator().next().surface()
                : surfaces.stream()
                        .filter(surface -> path.startsWith(surface.prefix()))
                        .findFirst()
                        .orElseGet(surfaces::getLast);
    }

    /// The method by which the route is found. `HEAD` is `GET` without a response body (RFC 9110, 9.3.2).
    private static String method(Request request) {
        return request.method().equals("HEAD") ? "GET" : request.method();
    }

    private static void log(Progress progress, Response response, long begin) {
        LOG.atInfo()
                .addKeyValue("request_id", progress.requestId)
                .addKeyValue("project", progress.projectId)
                .addKeyValue("operation", progress.operation)
                .addKeyValue("status", response.status())
                .addKeyValue("error_type", progress.errorType)
                .addKeyValue("duration_us", (System.nanoTime() - begin) / 1_000)
                .addKeyValue("remote", progress.remote)
                .addKeyValue("target", progress.target)
                .log("call");
    }

    /// The ids in a path, for the log. Other values become `?`: they can be external ids, but also addresses or
    /// tokens.
    private static String target(Map<String, String> pathValues) {
        return pathValues.values().stream()
                .map(value -> Ids.isAny(value) ? value : "?")
                .collect(Collectors.joining("/"));
    }

    private Response respond(Request request, Progress progress) {
        if (progress.match == null) {
            throw ApiError.of(RequestErrors.ROUTE_NOT_FOUND);
        }
        Route route = progress.route;
        if (route == null) {
            progress.operation = request.method().length() > 10 ? "" : request.method();
            if (request.method().equals("OPTIONS")) {
                return complete(new Response(204, Response.JSON, new byte[0], allow(request)), request, progress);
            }
            throw ApiError.of(RequestErrors.METHOD_NOT_ALLOWED);
        }
        progress.operation = route.operation();
        progress.target = target(progress.match.values());
        Caller caller = progress.credentials.authenticate();
        caller.projectIfAny().ifPresent(project -> {
            progress.projectId = project.id();
            limits.check(project, route.group());
        });
        Request bound = request.withPathValues(progress.match.values());
        Response response =
                switch (route) {
                    case RawRoute raw -> {
                        bound.query().values().forEach(values -> values.forEach(Binder::checkText));
                        yield raw.handler().apply(bound);
                    }
                    case Endpoint<?, ?> endpoint -> run(endpoint, new RequestContext(caller, bound), progress);
                };
        return complete(response, request, progress);
    }

    private <Q, A> Response run(Endpoint<Q, A> endpoint, RequestContext context, Progress progress) {
        Q checked = Binder.bind(
                context.request(), endpoint.request(), endpoint.surface().bodyFormat());
        A fields = endpoint.handle(context, checked);
        Response response = endpoint.surface().responseFormat().success(fields, progress.requestId, endpoint.headers());
        CallMemory.required().keep(response.body().length);
        return response;
    }

    private Response refusal(ApiError refused, Request request, Progress progress) {
        progress.errorType = refused.type().wireValue();
        Response response = progress.route instanceof RawRoute raw && raw.refusal() != null
                ? raw.refusal().apply(refused.type())
                : progress.surface.responseFormat().refusal(refused, progress.requestId);
        return complete(
                refused.type() == RequestErrors.METHOD_NOT_ALLOWED ? response.with(allow(request)) : response,
                request,
                progress);
    }

    /// The header `Allow` with the methods of a path, also for a CORS preflight.
    private Map<String, String> allow(Request request) {
        return Map.of("Allow", String.join(", ", routes.methods(request.path())));
    }

    private static Response complete(Response response, Request request, Progress progress) {
        Map<String, String> headers = new HashMap<>(response.headers());
        headers.putAll(progress.surface.cors().headers(request));
        headers.put("X-Request-Id", progress.requestId);
        return new Response(response.status(), response.contentType(), response.body(), headers);
    }
}
