package dev.selvage.http;

import dev.selvage.base.CallLog;
import dev.selvage.base.CallMemory;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.MemoryBudgetException;
import dev.selvage.base.WouldBlockException;
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

    /// A call: a request, its route, and the state of its handling so far. One thread at a time uses it.
    final class Call {
        private final Request request;
        private final Routes.@Nullable Match match;
        private final @Nullable Route route;
        private final Surface surface;
        private final Authenticator.Credentials credentials;
        private final String requestId;
        private final long begin = System.nanoTime();
        private boolean counted;
        private String projectId = "";
        private String operation = "";
        private String target = "";
        private String errorType = "";

        private Call(
                Request request,
                Routes.@Nullable Match match,
                @Nullable Route route,
                Surface surface,
                Authenticator.Credentials credentials,
                String requestId) {
            this.request = request;
            this.match = match;
            this.route = route;
            this.surface = surface;
            this.credentials = credentials;
            this.requestId = requestId;
        }

        /// Whether the call can be handled on the thread of an event loop.
        boolean runsOnLoop() {
            return route != null && route.onLoop();
        }

        /// Handles the call and logs one line. Every exception becomes a response.
        Response respond() {
            return handle(this, true);
        }

        /// As [#respond]; null if the call would wait. Nothing is logged then, and [#respond] handles the call
        /// from its beginning.
        @Nullable
        Response respondWithoutWaiting() {
            try {
                return handle(this, false);
            } catch (WouldBlockException wouldBlock) {
                CallLog.clear();
                return null;
            }
        }
    }

    /// @param mayWait false on the thread of an event loop
    private Response handle(Call call, boolean mayWait) {
        Response response;
        try {
            response = respond(call);
        } catch (ApiError refused) {
            response = refusal(refused, call);
        } catch (StoreUnavailableException unavailable) {
            // One line without a stack trace: the cause is outside of the program, and each call during an
            // outage logs one.
            LOG.atError()
                    .addKeyValue("request_id", call.requestId)
                    .addKeyValue("operation", call.operation)
                    .addKeyValue("cause", unavailable.getMessage())
                    .log("store unavailable");
            response = refusal(ApiError.of(RequestErrors.SERVER_UNAVAILABLE), call);
        } catch (MemoryBudgetException full) {
            ApiError refused = full.exceedsBudget()
                    ? ApiError.badField("", "asks for more than fits into the server's memory: ask for less at a time")
                    : ApiError.of(
                            RequestErrors.SERVER_UNAVAILABLE,
                            "The server is creating other large responses. Please try again.");
            response = refusal(refused, call);
        } catch (Throwable fault) {
            if (!mayWait && fault instanceof WouldBlockException wouldBlock) {
                throw wouldBlock;
            }
            LOG.atError()
                    .addKeyValue("request_id", call.requestId)
                    .addKeyValue("operation", call.operation)
                    .setCause(fault)
                    .log("fault");
            response = refusal(ApiError.of(RequestErrors.INTERNAL_SERVER_ERROR), call);
        }
        log(call, response);
        CallLog.clear();
        return response;
    }

    /// The clock of all calls.
    ClockAndRandom clock() {
        return clock;
    }

    /// The response to bytes that are not a valid HTTP request, `bad_request`.
    ///
    /// @param path the path as far as it is known; empty if it is not
    /// @param problem the error message
    Response unreadable(String path, String problem) {
        Request request = new Request("GET", path, Map.of(), Map.of(), name -> List.of(), () -> new byte[0], "");
        Call call = begin(request);
        Response response = refusal(ApiError.of(RequestErrors.BAD_REQUEST, problem), call);
        log(call, response);
        return response;
    }

    /// Finds the route of a request and reads its credentials, without checking them.
    Call begin(Request request) {
        Routes.Match match = routes.find(method(request), request.path()).orElse(null);
        Route route = match == null ? null : match.methods().get(method(request));
        Surface surface = route != null ? route.surface() : surface(request.path(), match);
        Authenticator.Credentials credentials = surface.authenticator().read(request);
        String requestId = Ids.REQUEST.next(clock, credentials.environment());
        return new Call(request, match, route, surface, credentials, requestId);
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

    private static void log(Call call, Response response) {
        LOG.atInfo()
                .addKeyValue("request_id", call.requestId)
                .addKeyValue("project", call.projectId)
                .addKeyValue("operation", call.operation)
                .addKeyValue("status", response.status())
                .addKeyValue("error_type", call.errorType)
                .addKeyValue("duration_us", (System.nanoTime() - call.begin) / 1_000)
                .addKeyValue("remote", call.request.remote())
                .addKeyValue("target", call.target)
                .log("call");
    }

    /// The ids in a path, for the log. Other values become `?`: they can be external ids, but also addresses or
    /// tokens.
    private static String target(Map<String, String> pathValues) {
        return pathValues.values().stream()
                .map(value -> Ids.isAny(value) ? value : "?")
                .collect(Collectors.joining("/"));
    }

    private Response respond(Call call) {
        Request request = call.request;
        if (call.match == null) {
            throw ApiError.of(RequestErrors.ROUTE_NOT_FOUND);
        }
        Route route = call.route;
        if (route == null) {
            call.operation = request.method().length() > 10 ? "" : request.method();
            if (request.method().equals("OPTIONS")) {
                return complete(new Response(204, Response.JSON, new byte[0], allow(request)), call);
            }
            throw ApiError.of(RequestErrors.METHOD_NOT_ALLOWED);
        }
        call.operation = route.operation();
        call.target = target(call.match.values());
        Caller caller = call.credentials.authenticate();
        caller.projectIfAny().ifPresent(project -> {
            call.projectId = project.id();
            if (!call.counted) {
                limits.check(project, route.group());
                call.counted = true;
            }
        });
        Request bound = request.withPathValues(call.match.values());
        Response response =
                switch (route) {
                    case RawRoute raw -> {
                        bound.query().values().forEach(values -> values.forEach(Binder::checkText));
                        yield raw.handler().apply(bound);
                    }
                    case Endpoint<?, ?> endpoint -> run(endpoint, new RequestContext(caller, bound), call);
                };
        return complete(response, call);
    }

    private <Q, A> Response run(Endpoint<Q, A> endpoint, RequestContext context, Call call) {
        Q checked = Binder.bind(
                context.request(), endpoint.request(), endpoint.surface().bodyFormat());
        A fields = endpoint.handle(context, checked);
        Response response = endpoint.surface().responseFormat().success(fields, call.requestId, endpoint.headers());
        CallMemory.required().keep(response.body().length);
        return response;
    }

    private Response refusal(ApiError refused, Call call) {
        call.errorType = refused.type().wireValue();
        Response response = call.route instanceof RawRoute raw && raw.refusal() != null
                ? raw.refusal().apply(refused.type())
                : call.surface.responseFormat().refusal(refused, call.requestId);
        return complete(
                refused.type() == RequestErrors.METHOD_NOT_ALLOWED ? response.with(allow(call.request)) : response,
                call);
    }

    /// The header `Allow` with the methods of a path, also for a CORS preflight.
    private Map<String, String> allow(Request request) {
        return Map.of("Allow", String.join(", ", routes.methods(request.path())));
    }

    private static Response complete(Response response, Call call) {
        Map<String, String> headers = new HashMap<>(response.headers());
        headers.putAll(call.surface.cors().headers(call.request));
        headers.put("X-Request-Id", call.requestId);
        return new Response(response.status(), response.contentType(), response.body(), headers);
    }
}
