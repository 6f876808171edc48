package dev.selvage.backend;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.accounts.UserAddresses;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.EmptyResponse;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.projects.Project;
import dev.selvage.rbac.Authorization;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.SessionBody;
import dev.selvage.sessions.SessionFields;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.UserSession;
import dev.selvage.sessions.UserSessionStore;
import dev.selvage.signin.SignedIn;
import dev.selvage.signin.UserSignIn;
import dev.selvage.tokenexchange.OutboundGet;
import dev.selvage.tokenexchange.TrustedTokens;
import dev.selvage.tokenexchange.Userinfo;
import dev.selvage.users.FactorKind;
import dev.selvage.users.User;
import dev.selvage.users.UserBody;
import dev.selvage.users.Users;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/sessions`: sessions of users, the keys that verify their JWTs, and sign-ins by tokens of other
/// services.
public final class SessionsApi {

    private final Sessions<UserSession> sessions;
    private final UserSessionStore store;
    private final JsonWebKeySets keySets;
    private final ClockAndRandom clock;
    private final UserSignIn login;
    private final UserAddresses addresses;
    private final Users users;
    private final Userinfo userinfo;
    private final TrustedTokens trustedTokens;

    public SessionsApi(
            Sessions<UserSession> sessions,
            UserSessionStore store,
            JsonWebKeySets keySets,
            ClockAndRandom clock,
            UserSignIn login,
            UserAddresses addresses,
            Users users,
            Userinfo userinfo,
            TrustedTokens trustedTokens) {
        this.sessions = sessions;
        this.store = store;
        this.keySets = keySets;
        this.clock = clock;
        this.login = login;
        this.addresses = addresses;
        this.users = users;
        this.userinfo = userinfo;
        this.trustedTokens = trustedTokens;
    }

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on) {
        return List.of(
                on.consumer().get("/v1/sessions", GetRequest.class, this::get),
                on.consumer().post("/v1/sessions/authenticate", AuthenticateRequest.class, this::authenticate),
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
        // The official page of this call has the refusal.
        Check.that(!Ids.USER.isBroken(request.userId), ErrorType.INVALID_USER_ID);
        UserSessionStore.UserSessions found = store.ofUser(context.project().id(), request.userId, clock.millis())
                .orElseThrow(() -> ApiError.of(ErrorType.USER_NOT_FOUND));
        return new GetResponse(found.sessions().stream()
                .map(session -> SessionBody.of(sessions.seen(context.project(), session), found.roles()))
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

    private AuthenticateResponse authenticate(RequestContext context, AuthenticateRequest request) {
        Project project = context.project();
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
            SessionFields.checkDuration(sessionDurationMinutes);
        }

        SessionFields session() {
            return SessionFields.starting(sessionDurationMinutes, sessionCustomClaims);
        }
    }

    /// Never makes a user: the address must belong to one.
    private SignedIn migrate(RequestContext context, MigrateRequest request) {
        Project project = context.project();
        SessionFields.checkDuration(project, request.sessionDurationMinutes);
        String email = userinfo.email(project, request.sessionToken);
        return login.signIn(project, request.session(), Attributes.NONE, () -> {
            User user = users.findByEmail(project, email)
                    .orElseThrow(() -> ApiError.of(ErrorType.MIGRATE_FROM_EXTERNAL_EMAIL_DOES_NOT_EXIST));
            prove(project, user, email, request.session());
            return new UserSignIn.Proof(user.id(), Factor.imported(clock.millis()));
        });
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

    private SignedIn attest(RequestContext context, AttestRequest request) {
        Project project = context.project();
        TrustedTokens.Attested attested = trustedTokens.verify(project, request.profileId, request.token);
        return TrustedTokens.signIn(() -> login.signIn(project, request.session, Attributes.NONE, () -> {
            trustedTokens.use(project, attested);
            User user = user(project, attested);
            trustedTokens.bind(project, attested, user.id());
            prove(project, user, attested.email(), request.session);
            return new UserSignIn.Proof(user.id(), Factor.trustedAuthToken(attested.tokenId(), clock.millis()));
        }));
    }

    /// What the other service vouches for is proven. Without that, whoever made the user with a stranger's
    /// address and a password of their own would keep the account when the stranger signs in.
    private void prove(Project project, User user, String email, SessionFields fields) {
        addresses.prove(
                project,
                user,
                user.factor(FactorKind.EMAIL, email).orElseThrow().id(),
                fields);
    }

    private User user(Project project, TrustedTokens.Attested attested) {
        return users.findByEmail(project, attested.email())
                .map(known -> assigned(project, users.locked(project, known.id()), attested))
                .orElseGet(() -> {
                    Check.that(attested.mayCreate(), ErrorType.USER_NOT_FOUND);
                    return users.create(
                            project,
                            new Users.NewUser(
                                    attested.email(),
                                    null,
                                    null,
                                    null,
                                    null,
                                    attested.externalId(),
                                    attested.roleIds(),
                                    false));
                });
    }

    /// The known user with the external id and the roles that the token names. Roles are added, none is taken
    /// away.
    ///
    /// @param known locked: a role that is taken away at the same time must not come back
    private User assigned(Project project, User known, TrustedTokens.Attested attested) {
        attested.checkSame(known.externalId());
        if (!attested.givesMore(known.externalId(), known.allRoles())) {
            return known;
        }
        List<String> roles = attested.roleIds() == null
                ? null
                : Stream.concat(known.roles().stream(), attested.roleIds().stream())
                        .toList();
        return users.update(project, known.id(), new Users.Update(null, null, null, attested.externalId(), roles));
    }
}
