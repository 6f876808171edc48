package dev.selvage.backend;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.SessionErrors;
import dev.selvage.error.UserErrors;
import dev.selvage.http.EmptyResponse;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.projects.Project;
import dev.selvage.rbac.Authorization;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.SessionDuration;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.UserSession;
import dev.selvage.sessions.UserSessionStore;
import dev.selvage.signin.UserSignInRequest;
import dev.selvage.tokenexchange.OutboundGet;
import dev.selvage.tokenexchange.UserTokenExchange;
import dev.selvage.users.Users;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/sessions`: sessions of users, the public keys of their JWTs, and sign-ins with tokens of other
/// services.
public final class SessionsApi {

    private final Sessions<UserSession> sessions;
    private final UserSessionStore store;
    private final JsonWebKeySets keySets;
    private final ClockAndRandom clock;
    private final UserTokenExchange exchange;

    public SessionsApi(
            Sessions<UserSession> sessions,
            UserSessionStore store,
            JsonWebKeySets keySets,
            ClockAndRandom clock,
            UserTokenExchange exchange) {
        this.sessions = sessions;
        this.store = store;
        this.keySets = keySets;
        this.clock = clock;
        this.exchange = exchange;
    }

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on) {
        return List.of(
                on.consumer().get("/v1/sessions", GetRequest.class, this::get).runOnLoop(),
                on.consumer()
                        .post("/v1/sessions/authenticate", AuthenticateRequest.class, this::authenticate)
                        .runOnLoop(),
                on.consumer().post("/v1/sessions/revoke", RevokeRequest.class, this::revoke),
                keySets.endpoint(on, "/v1/sessions/jwks/{project_id}"),
                on.consumer().post("/v1/sessions/migrate", MigrateRequest.class, this::migrate),
                on.consumer().post("/v1/sessions/attest", AttestRequest.class, this::attest),
                AccessTokenExchange.endpoint(on.consumer(), "/v1/sessions/exchange_access_token"));
    }

    record GetRequest(String userId) {}

    record GetResponse(List<SessionBody> sessions) {}

    private GetResponse get(RequestContext context, GetRequest request) {
        Users.checkId(context.project(), request.userId);
        // The official page of this call has this refusal.
        Check.that(!Ids.USER.isMalformed(request.userId), UserErrors.INVALID_USER_ID);
        UserSessionStore.UserSessions found = store.ofUser(context.project().id(), request.userId, clock.millis())
                .orElseThrow(() -> ApiError.of(UserErrors.USER_NOT_FOUND));
        return new GetResponse(found.sessions().stream()
                .map(session -> SessionBody.of(sessions.withLatestAccess(context.project(), session), found.roles()))
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

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            AuthorizationVerdict verdict) {}

    private AuthenticateResponse authenticate(RequestContext context, AuthenticateRequest request) {
        Project project = context.project();
        SessionArgument argument = request.session.required();
        ObjectNode claims = request.session.claimsIn(project);
        UserSession session =
                sessions.findToAuthenticate(project, argument, request.session.sessionDurationMinutes(), claims);
        // A refused check changes nothing (`open-questions.md` 13).
        AuthorizationVerdict verdict = request.authorizationCheck == null
                ? null
                : verdict(project, session.roles(), request.authorizationCheck);
        Sessions.Issued<UserSession> issued =
                sessions.authenticate(project, session, request.session.sessionDurationMinutes(), claims);
        return new AuthenticateResponse(
                SessionBody.of(issued.sessionWithSubject()),
                issued.token(),
                issued.jwt(),
                UserBody.of(issued.sessionWithSubject().user()),
                verdict);
    }

    private static AuthorizationVerdict verdict(Project project, List<String> roles, AuthorizationCheck check) {
        List<String> granting = Authorization.granting(project, roles, check.resourceId, check.action);
        Check.that(!granting.isEmpty(), SessionErrors.CONSUMER_SESSION_AUTHORIZATION_ERROR);
        return AuthorizationVerdict.granted(granting);
    }

    record RevokeRequest(String sessionId, String sessionToken, String sessionJwt) {
        RevokeRequest {
            SessionArgument.checkOneToRevoke(sessionId, sessionToken, sessionJwt);
        }
    }

    private EmptyResponse revoke(RequestContext context, RevokeRequest request) {
        Project project = context.project();
        sessions.revoke(
                project,
                SessionArgument.toRevoke(project, request.sessionId, request.sessionToken, request.sessionJwt));
        return new EmptyResponse();
    }

    /// @param sessionToken a token of the other service
    record MigrateRequest(String sessionToken, Integer sessionDurationMinutes, ObjectNode sessionCustomClaims) {
        MigrateRequest {
            OutboundGet.checkBearer(sessionToken, "session_token");
            SessionDuration.check(sessionDurationMinutes);
        }

        SessionFields session() {
            return SessionFields.starting(sessionDurationMinutes, sessionCustomClaims);
        }
    }

    private SignInResponse migrate(RequestContext context, MigrateRequest request) {
        return SignInResponse.of(
                exchange.migrate(context.project(), request.sessionToken, signIn(context, request.session())));
    }

    record AttestRequest(
            String profileId, String token, @JsonUnwrapped SessionFields session) {
        AttestRequest {
            Check.required(profileId, "profile_id");
            Check.required(token, "token");
        }

        @Override
        public String toString() {
            return "AttestRequest";
        }
    }

    private SignInResponse attest(RequestContext context, AttestRequest request) {
        return SignInResponse.of(
                exchange.attest(context.project(), request.profileId, request.token, signIn(context, request.session)));
    }

    private UserSignInRequest signIn(RequestContext context, SessionFields session) {
        return session.resolve(context.project(), sessions, Attributes.NONE);
    }
}
