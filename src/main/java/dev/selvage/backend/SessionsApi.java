package dev.selvage.backend;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.nimbusds.jose.jwk.RSAKey;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.EmptyResponse;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.projects.Project;
import dev.selvage.projects.Projects;
import dev.selvage.projects.SigningKey;
import dev.selvage.projects.SigningKeys;
import dev.selvage.rbac.Authorization;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.SessionBody;
import dev.selvage.sessions.SessionFields;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.UserSession;
import dev.selvage.sessions.UserSessionStore;
import dev.selvage.users.UserBody;
import dev.selvage.users.Users;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/sessions`: list, authenticate, revoke, and the keys that verify their JWTs. `migrate`, `attest` and
/// `exchange_access_token` sign somebody in and are in `login/ExternalSessionsApi`.
public final class SessionsApi {

    private final Sessions<UserSession> sessions;
    private final UserSessionStore store;
    private final SigningKeys keys;
    private final Projects projects;
    private final ClockAndRandom clock;

    public SessionsApi(
            Sessions<UserSession> sessions,
            UserSessionStore store,
            SigningKeys keys,
            Projects projects,
            ClockAndRandom clock) {
        this.sessions = sessions;
        this.store = store;
        this.clock = clock;
        this.keys = keys;
        this.projects = projects;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.get("/v1/sessions", GetRequest.class, this::get),
                Endpoint.post("/v1/sessions/authenticate", AuthenticateRequest.class, this::authenticate),
                Endpoint.post("/v1/sessions/revoke", RevokeRequest.class, this::revoke),
                jwks("/v1/sessions/jwks/{project_id}"),
                jwks("/v1/b2b/sessions/jwks/{project_id}"),
                jwks("/v1/public/{project_id}/.well-known/jwks.json"));
    }

    /// Verifiers fetch it without credentials; Java expects the header (`sdk-facts.md` 6).
    private Endpoint<JwksRequest, JwksResponse> jwks(String path) {
        return Endpoint.get(path, JwksRequest.class, this::jwks).open().header("Cache-Control", "public, max-age=900");
    }

    record GetRequest(String userId) {}

    record GetResponse(List<SessionBody> sessions) {}

    private GetResponse get(RequestContext call, GetRequest request) {
        Users.checkId(call.project(), request.userId);
        // The official page of this call has the refusal.
        Check.that(!Ids.USER.isBroken(request.userId), ErrorType.INVALID_USER_ID);
        UserSessionStore.UserSessions found = store.ofUser(call.project().id(), request.userId, clock.millis())
                .orElseThrow(() -> ApiError.of(ErrorType.USER_NOT_FOUND));
        return new GetResponse(found.sessions().stream()
                .map(session -> SessionBody.of(sessions.seen(call.project(), session), found.roles()))
                .toList());
    }

    record AuthenticateRequest(@JsonUnwrapped SessionFields session, AuthorizationCheck authorizationCheck) {}

    record AuthorizationCheck(String resourceId, String action) {
        AuthorizationCheck {
            Check.required(resourceId, "authorization_check.resource_id");
            Check.required(action, "authorization_check.action");
        }
    }

    record AuthenticateResponse(
            SessionBody session,
            String sessionToken,
            String sessionJwt,
            UserBody user,
            @JsonInclude(JsonInclude.Include.NON_NULL) Authorization.Verdict verdict) {}

    private AuthenticateResponse authenticate(RequestContext call, AuthenticateRequest request) {
        Project project = call.project();
        SessionArgument argument = request.session.required();
        ObjectNode claims = request.session.claimsIn(project);
        UserSession found = sessions.find(project, argument);
        // A refused check changes nothing: open-questions.md 13.
        Authorization.Verdict verdict =
                request.authorizationCheck == null ? null : verdict(project, found.roles(), request.authorizationCheck);
        Sessions.Issued<UserSession> issued =
                sessions.authenticate(project, found, request.session.sessionDurationMinutes(), claims);
        return new AuthenticateResponse(
                SessionBody.of(issued.held()),
                issued.token(),
                issued.jwt(),
                UserBody.of(issued.held().user()),
                verdict);
    }

    private static Authorization.Verdict verdict(Project project, List<String> roles, AuthorizationCheck check) {
        List<String> granting = Authorization.granting(project, roles, check.resourceId, check.action);
        Check.that(!granting.isEmpty(), ErrorType.CONSUMER_SESSION_AUTHORIZATION_ERROR);
        return new Authorization.Verdict(true, granting);
    }

    record RevokeRequest(String sessionId, String sessionToken, String sessionJwt) {
        RevokeRequest {
            SessionArgument.checkOneToRevoke(sessionId, sessionToken, sessionJwt);
        }
    }

    private EmptyResponse revoke(RequestContext call, RevokeRequest request) {
        Project project = call.project();
        sessions.revoke(
                project,
                SessionArgument.toRevoke(project, request.sessionId, request.sessionToken, request.sessionJwt));
        return new EmptyResponse();
    }

    record JwksRequest(String projectId) {}

    record JwksResponse(List<KeyBody> keys) {}

    /// Java and Python need every member, `x5tS256` as a string and `x5c` as an array (`sdk-facts.md` 6).
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

    private JwksResponse jwks(RequestContext call, JwksRequest request) {
        Check.that(Ids.PROJECT.matches(request.projectId), ErrorType.INVALID_PROJECT_ID);
        Project project = projects.find(request.projectId).orElseThrow(() -> ApiError.of(ErrorType.PROJECT_NOT_FOUND));
        return new JwksResponse(
                keys.published(project).stream().map(SessionsApi::body).toList());
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
