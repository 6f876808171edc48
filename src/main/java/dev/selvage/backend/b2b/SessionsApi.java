package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.backend.AccessTokenExchange;
import dev.selvage.backend.AuthorizationVerdict;
import dev.selvage.backend.BackendSurfaces;
import dev.selvage.backend.JsonWebKeySets;
import dev.selvage.backend.SessionFields;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.MemberErrors;
import dev.selvage.error.OrganizationErrors;
import dev.selvage.error.RequestErrors;
import dev.selvage.error.SessionErrors;
import dev.selvage.http.EmptyResponse;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.members.Members;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.rbac.Authorization;
import dev.selvage.rbac.RequiredPermissions;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.MemberSessionStore;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.SessionDuration;
import dev.selvage.sessions.Sessions;
import dev.selvage.signin.MemberSignInOutcome;
import dev.selvage.signin.MemberSignInRequest;
import dev.selvage.signin.SessionExchange;
import dev.selvage.tokenexchange.MemberTokenExchange;
import dev.selvage.tokenexchange.OutboundGet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/b2b/sessions`: sessions of members, their exchange between organizations, and sign-ins with tokens of
/// other services.
public final class SessionsApi {

    private final JsonWebKeySets keySets;
    private final Sessions<MemberSession> sessions;
    private final MemberSessionStore store;
    private final Members members;
    private final Organizations organizations;
    private final ClockAndRandom clock;
    private final MemberTokenExchange exchange;
    private final SessionExchange sessionExchange;

    public SessionsApi(
            JsonWebKeySets keySets,
            Sessions<MemberSession> sessions,
            MemberSessionStore store,
            Members members,
            Organizations organizations,
            ClockAndRandom clock,
            MemberTokenExchange exchange,
            SessionExchange sessionExchange) {
        this.keySets = keySets;
        this.sessions = sessions;
        this.store = store;
        this.members = members;
        this.organizations = organizations;
        this.clock = clock;
        this.exchange = exchange;
        this.sessionExchange = sessionExchange;
    }

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on, MemberSessionGuard memberSession) {
        return List.of(
                keySets.endpoint(on, "/v1/b2b/sessions/jwks/{project_id}"),
                AccessTokenExchange.endpoint(on.b2b(), "/v1/b2b/sessions/exchange_access_token"),
                on.b2b().get("/v1/b2b/sessions", GetRequest.class, this::get).runOnLoop(),
                on.b2b()
                        .post("/v1/b2b/sessions/authenticate", AuthenticateRequest.class, this::authenticate)
                        .runOnLoop(),
                on.b2b()
                        .post("/v1/b2b/sessions/revoke", RevokeRequest.class, this::revoke)
                        .guardedBy(memberSession.requires(this::requiredPermissions)),
                on.b2b().post("/v1/b2b/sessions/migrate", MigrateRequest.class, this::migrate),
                on.b2b().post("/v1/b2b/sessions/attest", AttestRequest.class, this::attest),
                on.b2b().post("/v1/b2b/sessions/exchange", ExchangeRequest.class, this::exchange));
    }

    record GetRequest(String organizationId, String memberId) {}

    record GetResponse(List<MemberSessionBody> memberSessions) {}

    private GetResponse get(RequestContext context, GetRequest request) {
        Project project = context.project();
        Organizations.checkKey(project, request.organizationId);
        Members.checkKey(project, request.memberId);
        // The same call for users has such a refusal on its official page.
        Check.that(!Ids.ORGANIZATION.isMalformed(request.organizationId), OrganizationErrors.INVALID_ORGANIZATION_ID);
        Check.that(!Ids.MEMBER.isMalformed(request.memberId), RequestErrors.INVALID_ID);
        MemberSessionStore.MemberSessions found = store.ofMember(
                        project.id(), request.organizationId, request.memberId, clock.millis())
                .orElseThrow(() -> ApiError.of(OrganizationErrors.ORGANIZATION_NOT_FOUND));
        Check.that(found.memberId() != null, MemberErrors.MEMBER_NOT_FOUND);
        return new GetResponse(found.sessions().stream()
                .map(session -> MemberSessionBody.of(
                        sessions.withLatestAccess(project, session), found.slug(), found.roleIds()))
                .toList());
    }

    record AuthenticateRequest(@JsonUnwrapped SessionFields session, AuthorizationCheck authorizationCheck) {}

    record AuthorizationCheck(String organizationId, String resourceId, String action) {
        AuthorizationCheck {
            Check.required(organizationId, "authorization_check.organization_id");
            Check.required(resourceId, "authorization_check.resource_id");
            Check.required(action, "authorization_check.action");
        }
    }

    record AuthenticateResponse(
            @Nullable MemberSessionBody memberSession,
            String sessionToken,
            String sessionJwt,
            MemberBody member,
            OrganizationBody organization,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            AuthorizationVerdict verdict) {}

    private AuthenticateResponse authenticate(RequestContext context, AuthenticateRequest request) {
        Project project = context.project();
        SessionArgument argument = request.session.required();
        ObjectNode claims = request.session.claimsIn(project);
        MemberSession session =
                sessions.findToAuthenticate(project, argument, request.session.sessionDurationMinutes(), claims);
        // A refused check changes nothing (`open-questions.md` 13).
        AuthorizationVerdict verdict =
                request.authorizationCheck == null ? null : verdict(project, session, request.authorizationCheck);
        Sessions.Issued<MemberSession> issued =
                sessions.authenticate(project, session, request.session.sessionDurationMinutes(), claims);
        return new AuthenticateResponse(
                MemberSessionBody.of(issued.sessionWithSubject()),
                issued.token(),
                issued.jwt(),
                MemberBody.of(issued.sessionWithSubject().membership()),
                OrganizationBody.of(issued.sessionWithSubject().organization()),
                verdict);
    }

    /// Checks the tenancy before the permission (`semantics.md` 7).
    private AuthorizationVerdict verdict(Project project, MemberSession session, AuthorizationCheck check) {
        Check.that(
                organizations.isNamed(project, session.organization(), check.organizationId),
                SessionErrors.SESSION_AUTHORIZATION_TENANCY_ERROR);
        List<String> granting = Authorization.granting(
                project, session.organization().roles(), session.roles(), check.resourceId, check.action);
        Check.that(!granting.isEmpty(), SessionErrors.SESSION_AUTHORIZATION_ERROR);
        return AuthorizationVerdict.granted(granting);
    }

    /// @param memberId the member whose sessions are all revoked; a Stytch id, because external ids are unique
    ///         only within an organization (`open-questions.md` 2)
    record RevokeRequest(String memberSessionId, String sessionToken, String sessionJwt, String memberId) {
        RevokeRequest {
            SessionArgument.checkOneToRevoke(memberSessionId, sessionToken, sessionJwt, memberId);
        }

        boolean ofMember() {
            return Check.isGiven(memberId);
        }

        SessionArgument session(Project project) {
            return SessionArgument.toRevoke(project, memberSessionId, sessionToken, sessionJwt);
        }

        @Override
        public String toString() {
            return "RevokeRequest";
        }
    }

    /// The permission applies to the member whose sessions are revoked. A member may revoke their own sessions,
    /// and those of others if a role grants it.
    private RequiredPermissions requiredPermissions(RevokeRequest request) {
        return new RequiredPermissions(
                List.of(),
                new RequiredPermissions.Target.Found(project -> subjectId(project, request)),
                List.of(RequiredPermissions.Permission.onMember("revoke-sessions")));
    }

    private Optional<String> subjectId(Project project, RevokeRequest request) {
        return request.ofMember()
                ? members.find(project, request.memberId)
                        .map(found -> found.member().id())
                : sessions.subjectId(project, request.session(project));
    }

    private EmptyResponse revoke(RequestContext context, RevokeRequest request) {
        Project project = context.project();
        if (request.ofMember()) {
            project.checkId(Ids.MEMBER, request.memberId, RequestErrors.INVALID_ID);
            Check.that(members.find(project, request.memberId).isPresent(), MemberErrors.MEMBER_NOT_FOUND);
            sessions.revokeAll(project, request.memberId, Sessions.RevocationReason.REVOKED);
        } else {
            sessions.revoke(project, request.session(project));
        }
        return new EmptyResponse();
    }

    /// The common fields of both responses.
    record Started(
            String memberId,
            @Nullable MemberSessionBody memberSession,
            String sessionToken,
            String sessionJwt,
            MemberBody member,
            OrganizationBody organization) {

        static Started of(MemberSignInOutcome outcome) {
            SignInResponse signedIn = SignInResponse.of(outcome);
            return new Started(
                    signedIn.memberId(),
                    signedIn.memberSession(),
                    signedIn.sessionToken(),
                    signedIn.sessionJwt(),
                    signedIn.member(),
                    signedIn.organization());
        }

        @Override
        public String toString() {
            return memberId;
        }
    }

    /// @param sessionToken a token of the other service
    record MigrateRequest(
            String sessionToken,
            String organizationId,
            Integer sessionDurationMinutes,
            ObjectNode sessionCustomClaims) {
        MigrateRequest {
            OutboundGet.checkBearer(sessionToken, "session_token");
            SessionDuration.check(sessionDurationMinutes);
        }

        @Override
        public String toString() {
            return "MigrateRequest";
        }
    }

    record MigrateResponse(@JsonUnwrapped Started started) {}

    private MigrateResponse migrate(RequestContext context, MigrateRequest request) {
        MemberSessionFields session =
                MemberSessionFields.starting(request.sessionDurationMinutes, request.sessionCustomClaims, null);
        return new MigrateResponse(Started.of(exchange.migrate(
                context.project(), request.organizationId, request.sessionToken, signIn(context, session))));
    }

    record AttestRequest(
            String profileId,
            String token,
            String organizationId,
            @JsonUnwrapped MemberSessionFields session) {
        AttestRequest {
            Check.required(profileId, "profile_id");
            Check.required(token, "token");
        }

        @Override
        public String toString() {
            return "AttestRequest";
        }
    }

    record AttestResponse(
            @JsonUnwrapped Started started, @Nullable Object memberDevice) {}

    private AttestResponse attest(RequestContext context, AttestRequest request) {
        return new AttestResponse(
                Started.of(exchange.attest(
                        context.project(),
                        request.profileId,
                        request.token,
                        request.organizationId,
                        signIn(context, request.session))),
                null);
    }

    private MemberSignInRequest signIn(RequestContext context, MemberSessionFields session) {
        return session.resolve(context.project(), sessions);
    }

    /// @param session the session to exchange, and the duration and claims of the new one
    record ExchangeRequest(
            String organizationId, @JsonUnwrapped MemberSessionFields session) {}

    /// As [SignInResponse], without the field `organization_id`: the outcome of a sign-in in the chosen
    /// organization. Discovery and password reset by the existing password return it as well.
    public record ExchangeResponse(
            String memberId,
            MemberBody member,
            OrganizationBody organization,
            String sessionToken,
            String sessionJwt,
            @Nullable MemberSessionBody memberSession,
            String intermediateSessionToken,
            @Nullable String intermediateSessionTokenExpiresAt,
            boolean memberAuthenticated,
            SignInResponse.@Nullable MfaRequired mfaRequired,
            SignInResponse.@Nullable PrimaryRequired primaryRequired,
            @Nullable Object memberDevice) {

        public static ExchangeResponse of(MemberSignInOutcome outcome) {
            SignInResponse signedIn = SignInResponse.of(outcome);
            return new ExchangeResponse(
                    signedIn.memberId(),
                    signedIn.member(),
                    signedIn.organization(),
                    signedIn.sessionToken(),
                    signedIn.sessionJwt(),
                    signedIn.memberSession(),
                    signedIn.intermediateSessionToken(),
                    signedIn.intermediateSessionTokenExpiresAt(),
                    signedIn.memberAuthenticated(),
                    signedIn.mfaRequired(),
                    signedIn.primaryRequired(),
                    signedIn.memberDevice());
        }

        @Override
        public String toString() {
            return memberId;
        }
    }

    private ExchangeResponse exchange(RequestContext context, ExchangeRequest request) {
        Organizations.checkKey(context.project(), request.organizationId);
        return ExchangeResponse.of(
                sessionExchange.exchange(context.project(), signIn(context, request.session), request.organizationId));
    }
}
