package dev.selvage.http;

import dev.selvage.base.AsciiSet;
import dev.selvage.base.CallLog;
import dev.selvage.base.CallMemory;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Environment;
import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.base.NoRoomException;
import dev.selvage.db.StoreUnavailableException;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.limits.OperationLimits;
import dev.selvage.projects.Project;
import dev.selvage.projects.Projects;
import dev.selvage.projects.Vertical;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The steps that every call shares, in the order of `open-questions.md` 37: route, method, credentials,
/// product, limit, request, handler, envelope; then one log line. What a call does begins in its [Endpoint].
public final class Pipeline {

    private static final Logger LOG = LoggerFactory.getLogger("selvage.calls");
    private static final int SECRET_CHARACTERS_MAX = 256;

    private final Routes routes;
    private final Projects projects;
    private final OperationLimits limits;
    private final AdminToken adminToken;
    private final MemberAuthorizer gate;
    private final ErrorUrls errorUrls;
    private final ClockAndRandom clock;

    public Pipeline(
            Collection<? extends Route> routes,
            Projects projects,
            OperationLimits limits,
            AdminToken adminToken,
            MemberAuthorizer gate,
            ErrorUrls errorUrls,
            ClockAndRandom clock) {
        this.routes = new Routes(routes);
        this.projects = projects;
        this.limits = limits;
        this.adminToken = adminToken;
        this.gate = gate;
        this.errorUrls = errorUrls;
        this.clock = clock;
    }

    /// What is known of a call so far; for the answer and the log line.
    private static final class Progress {
        private Environment environment = Environment.TEST;
        private String requestId;
        private String projectId = "";
        private String operation = "";
        private String remote = "";
        private String target = "";
        private Function<ErrorType, Response> refusalPage;
    }

    /// Answers a request; never throws.
    Response handle(Request request) {
        long begin = System.nanoTime();
        Progress progress = new Progress();
        progress.remote = request.remote();
        List<String> given = request.headerValues("Authorization");
        Optional<Credentials> credentials = given.size() == 1 ? Credentials.parse(given.getFirst()) : Optional.empty();
        progress.environment = credentials.map(Credentials::environment).orElse(Environment.TEST);
        progress.requestId = Ids.REQUEST.next(clock, progress.environment);
        Response response;
        String errorType = "";
        try {
            response = answer(request, credentials, progress);
        } catch (ApiError refused) {
            errorType = refused.type().wireValue();
            response = refusal(refused, request, progress);
        } catch (StoreUnavailableException unavailable) {
            // One line and no stack: there will be one for each call, and what is wrong is outside of the
            // program.
            LOG.atError()
                    .addKeyValue("request_id", progress.requestId)
                    .addKeyValue("operation", progress.operation)
                    .addKeyValue("cause", unavailable.getMessage())
                    .log("store unavailable");
            errorType = ErrorType.SERVER_UNAVAILABLE.wireValue();
            response = refusal(ApiError.of(ErrorType.SERVER_UNAVAILABLE), request, progress);
        } catch (NoRoomException full) {
            ApiError refused = full.ever()
                    ? ApiError.badField("", "asks for more than fits into the server's memory: ask for less at a time")
                    : ApiError.of(
                            ErrorType.SERVER_UNAVAILABLE,
                            "The server makes other large answers at the moment, please try again.");
            errorType = refused.type().wireValue();
            response = refusal(refused, request, progress);
        } catch (Throwable fault) {
            LOG.atError()
                    .addKeyValue("request_id", progress.requestId)
                    .addKeyValue("operation", progress.operation)
                    .setCause(fault)
                    .log("fault");
            errorType = ErrorType.INTERNAL_SERVER_ERROR.wireValue();
            response = refusal(ApiError.of(ErrorType.INTERNAL_SERVER_ERROR), request, progress);
        }
        log(progress, response, errorType, begin);
        CallLog.clear();
        return response;
    }

    /// The answer to bytes that never became a request.
    ///
    /// @param path as far as it is known; empty when it is not
    Response unreadable(String path, String problem) {
        long begin = System.nanoTime();
        Progress progress = new Progress();
        progress.requestId = Ids.REQUEST.next(clock, progress.environment);
        routes.find("GET", path)
                .ifPresent(match ->
                        progress.refusalPage = refusalPage(match.methods().get("GET")));
        Response response = refusal(ApiError.of(ErrorType.BAD_REQUEST, problem), Map.of(), progress);
        log(progress, response, ErrorType.BAD_REQUEST.wireValue(), begin);
        return response;
    }

    private static void log(Progress progress, Response response, String errorType, long begin) {
        LOG.atInfo()
                .addKeyValue("request_id", progress.requestId)
                .addKeyValue("project", progress.projectId)
                .addKeyValue("operation", progress.operation)
                .addKeyValue("status", response.status())
                .addKeyValue("error_type", errorType)
                .addKeyValue("duration_us", (System.nanoTime() - begin) / 1_000)
                .addKeyValue("remote", progress.remote)
                .addKeyValue("target", progress.target)
                .log("call");
    }

    /// The ids in a path, for the log. What is none of ours is left out: it may be an external id, but an
    /// address or a token as well.
    private static String target(Collection<String> pathValues) {
        return pathValues.isEmpty()
                ? ""
                : pathValues.stream()
                        .map(value -> Ids.isAny(value) ? value : "?")
                        .collect(Collectors.joining("/"));
    }

    private Response answer(Request request, Optional<Credentials> credentials, Progress progress) {
        // HEAD is GET whose answer has no body (RFC 9110, 9.3.2).
        String method = request.method().equals("HEAD") ? "GET" : request.method();
        Routes.Match match =
                routes.find(method, request.path()).orElseThrow(() -> ApiError.of(ErrorType.ROUTE_NOT_FOUND));
        Route route = match.methods().get(method);
        if (route == null) {
            progress.operation = method.length() > 10 ? "" : method;
            if (method.equals("OPTIONS")) {
                return new Response(204, Response.JSON, new byte[0], withRequestId(allow(request), progress.requestId));
            }
            throw ApiError.of(ErrorType.METHOD_NOT_ALLOWED);
        }
        progress.operation = route.operation();
        progress.target = target(match.values().values());
        progress.refusalPage = refusalPage(route);
        Project project = admit(route, request, credentials, progress);
        Request bound = request.withPathValues(match.values());
        return switch (route) {
            case RawRoute page -> {
                bound.query().values().forEach(values -> values.forEach(Binder::checkText));
                yield page.handler().apply(bound);
            }
            case Endpoint<?, ?> endpoint -> run(endpoint, project, progress.requestId, bound);
        };
    }

    private Map<String, String> allow(Request request) {
        return Map.of("Allow", String.join(", ", routes.methods(request.path())));
    }

    private static Function<ErrorType, Response> refusalPage(Route route) {
        return route instanceof RawRoute page ? page.refusal() : null;
    }

    private Project admit(Route route, Request request, Optional<Credentials> credentials, Progress progress) {
        return switch (route.access()) {
            case OPEN -> null;
            case ADMIN -> {
                if (!adminToken.matches(request.header("Authorization").orElse(""))) {
                    throw ApiError.of(ErrorType.UNAUTHORIZED_CREDENTIALS);
                }
                yield null;
            }
            case CONSUMER, B2B, ANY_PROJECT -> {
                if (credentials.isEmpty()) {
                    // Refuses several.
                    request.header("Authorization");
                }
                Project project = authenticate(credentials);
                progress.projectId = project.id();
                checkProduct(route.access(), project);
                limits.check(project, route.group());
                yield project;
            }
        };
    }

    private Project authenticate(Optional<Credentials> given) {
        Credentials credentials = given.orElseThrow(() -> ApiError.of(ErrorType.UNAUTHORIZED_CREDENTIALS));
        if (!Ids.PROJECT.matches(credentials.projectId())) {
            throw ApiError.of(ErrorType.INVALID_PROJECT_ID_AUTHENTICATION);
        }
        if (!AsciiSet.VISIBLE.matchesAll(credentials.secret(), 1, SECRET_CHARACTERS_MAX)) {
            throw ApiError.of(ErrorType.INVALID_SECRET_AUTHENTICATION);
        }
        return projects.authenticate(credentials.projectId(), credentials.secret())
                .orElseThrow(() -> ApiError.of(ErrorType.UNAUTHORIZED_CREDENTIALS));
    }

    private static void checkProduct(Access access, Project project) {
        if (access == Access.B2B && project.vertical() != Vertical.B2B) {
            throw ApiError.of(ErrorType.INVALID_B2B_ENDPOINT);
        }
        if (access == Access.CONSUMER && project.vertical() != Vertical.CONSUMER) {
            throw ApiError.of(ErrorType.INVALID_CONSUMER_ENDPOINT);
        }
    }

    private <Q, A> Response run(Endpoint<Q, A> endpoint, Project project, String requestId, Request request) {
        Q checked = Binder.bind(request, endpoint.request());
        MemberCredentials member = MemberCredentials.of(request);
        RequestContext call = new RequestContext(project, endpoint.wish() != null && member.given());
        if (call.ofMember()) {
            gate.check(
                    call, member.tokens(), member.jwts(), () -> endpoint.wish().apply(checked));
        }
        A answer = endpoint.handler().handle(call, checked);
        byte[] body = envelope(200, requestId, Json.bytes(answer));
        CallMemory.current().keep(body.length);
        return new Response(200, Response.JSON, body, withRequestId(endpoint.headers(), requestId));
    }

    private Response refusal(ApiError refused, Request request, Progress progress) {
        return refusal(refused, refused.type() == ErrorType.METHOD_NOT_ALLOWED ? allow(request) : Map.of(), progress);
    }

    private Response refusal(ApiError refused, Map<String, String> allow, Progress progress) {
        ErrorType type = refused.type();
        String requestId = progress.requestId;
        if (progress.refusalPage != null) {
            Response page = progress.refusalPage.apply(type);
            return new Response(
                    page.status(), page.contentType(), page.body(), withRequestId(page.headers(), requestId));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status_code", type.status());
        body.put("request_id", requestId);
        body.put("error_type", type.wireValue());
        body.put("error_message", refused.getMessage());
        body.put("error_url", errorUrls.of(type));
        if (!refused.details().isEmpty()) {
            body.put("error_details", refused.details());
        }
        Map<String, String> headers = new HashMap<>(allow);
        if (refused.retryAfterSeconds() > 0) {
            headers.put("Retry-After", Long.toString(refused.retryAfterSeconds()));
        }
        if (type == ErrorType.UNAUTHORIZED_CREDENTIALS) {
            headers.put("WWW-Authenticate", "Basic realm=\"Selvage\"");
        }
        return new Response(type.status(), Response.JSON, Json.bytes(body), withRequestId(headers, requestId));
    }

    /// Puts the two members that every answer has in front of the members of this one.
    private static byte[] envelope(int status, String requestId, byte[] members) {
        byte[] head = ("{\"status_code\":" + status + ",\"request_id\":\"" + requestId + '"')
                .getBytes(StandardCharsets.UTF_8);
        boolean empty = members.length == 2;
        int rest = members.length - (empty ? 1 : 0);
        byte[] body = Arrays.copyOf(head, head.length + rest);
        System.arraycopy(members, members.length - rest, body, head.length, rest);
        if (!empty) {
            body[head.length] = ',';
        }
        return body;
    }

    private static Map<String, String> withRequestId(Map<String, String> headers, String requestId) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("X-Request-Id", requestId);
        return all;
    }

    /// What an HTTP Basic header says, unchecked.
    private record Credentials(String projectId, String secret) {

        static Optional<Credentials> parse(String header) {
            if (!header.regionMatches(true, 0, "Basic ", 0, 6)) {
                return Optional.empty();
            }
            try {
                String pair = new String(
                        Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
                int colon = pair.indexOf(':');
                return colon < 0
                        ? Optional.of(new Credentials(pair, ""))
                        : Optional.of(new Credentials(pair.substring(0, colon), pair.substring(colon + 1)));
            } catch (IllegalArgumentException malformed) {
                return Optional.of(new Credentials("", ""));
            }
        }

        Environment environment() {
            return projectId.startsWith("project-live-") ? Environment.LIVE : Environment.TEST;
        }

        @Override
        public String toString() {
            return projectId;
        }
    }
}
