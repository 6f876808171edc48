package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.EmptyResponse;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.http.RequiredPermissions;
import dev.selvage.members.MemberBody;
import dev.selvage.members.Members;
import dev.selvage.organizations.OrganizationBody;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.rbac.Authorization;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.MemberSessionBody;
import dev.selvage.sessions.MemberSessionStore;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.SessionFields;
import dev.selvage.sessions.Sessions;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/b2b/sessions`: list, authenticate, revoke. `exchange` is in `login/SessionExchangeApi`, the calls for
/// those whom another service vouches for are in `login/B2bExternalSessionsApi`; the keys that verify JWTs are
/// those of [SessionsApi].
public final class SessionsApi {

    private final Sessions<MemberSession> sessions;
    private final MemberSessionStore store;
    private final Members members;
    private final Organizations organizations;
    private final ClockAndRandom clock;

    public SessionsApi(
            Sessions<MemberSession> sessions,
            MemberSessionStore store,
            Members members,
            Organizations organizations,
            ClockAndRandom clock) {
        this.sessions = sessions;
        this.store = store;
        this.members = members;
        this.organizations = organizations;
        this.clock = clock;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.get("/v1/b2b/sessions", GetRequest.class, this::get),
                Endpoint.post("/v1/b2b/sessions/authenticate", AuthenticateRequest.class, this::authenticate),
                Endpoint.post("/v1/b2b/sessions/revoke", RevokeRequest.class, this::revoke)
                        .withMemberSession(this::wish));
    }

    record GetRequest(String organizationId, String memberId) {}

    record GetResponse(List<MemberSessionBody> memberSessions) {}

    private GetResponse get(RequestContext call, GetRequest request) {
        Project project = call.project();
        Organizations.checkKey(project, request.organizationId);
        Members.checkKey(project, request.memberId);
        // As its twin for users, whose official page has such a refusal.
        Check.that(!Ids.ORGANIZATION.isBroken(request.organizationId), ErrorType.INVALID_ORGANIZATION_ID);
        Check.that(!Ids.MEMBER.isBroken(request.memberId), ErrorType.INVALID_ID);
        MemberSessionStore.MemberSessions found = store.ofMember(
                        project.id(), request.organizationId, request.memberId, clock.millis())
                .orElseThrow(() -> ApiError.of(ErrorType.ORGANIZATION_NOT_FOUND));
        Check.that(found.memberId() != null, ErrorType.MEMBER_NOT_FOUND);
        return new GetResponse(found.sessions().stream()
                .map(session -> MemberSessionBody.of(
                        sessions.seen(project, session), found.organizationId(), found.slug(), found.roleIds()))
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
            MemberSessionBody memberSession,
            String sessionToken,
            String sessionJwt,
            MemberBody member,
            OrganizationBody organization,
            @JsonInclude(JsonInclude.Include.NON_NULL) Authorization.Verdict verdict) {}

    private AuthenticateResponse authenticate(RequestContext call, AuthenticateRequest request) {
        Project project = call.project();
        SessionArgument argument = request.session.required();
        ObjectNode claims = request.session.claimsIn(project);
        MemberSession found = sessions.find(project, argument);
        // A refused check changes nothing: open-questions.md 13.
        Authorization.Verdict verdict =
                request.authorizationCheck == null ? null : verdict(project, found, request.authorizationCheck);
        Sessions.Issued<MemberSession> issued =
                sessions.authenticate(project, found, request.session.sessionDurationMinutes(), claims);
        return new AuthenticateResponse(
                MemberSessionBody.of(issued.held()),
                issued.token(),
                issued.jwt(),
                MemberBody.of(issued.held().membership()),
                OrganizationBody.of(issued.held().organization()),
                verdict);
    }

    /// Tenancy is judged before permission (`semantics.md` 7).
    private Authorization.Verdict verdict(Project project, MemberSession held, AuthorizationCheck check) {
        Check.that(
                organizations.isNamed(project, held.organization(), check.organizationId),
                ErrorType.SESSION_AUTHORIZATION_TENANCY_ERROR);
        List<String> granting = Authorization.granting(
                project, held.organization().roles(), held.roles(), check.resourceId, check.action);
        Check.that(!granting.isEmpty(), ErrorType.SESSION_AUTHORIZATION_ERROR);
        return new Authorization.Verdict(true, granting);
    }

    /// @param memberId whose sessions are all to end; a Stytch id, because external ids are unique in an
    ///                 organization only (`open-questions.md` 2)
    record RevokeRequest(String memberSessionId, String sessionToken, String sessionJwt, String memberId) {
        RevokeRequest {
            SessionArgument.checkOneToRevoke(memberSessionId, sessionToken, sessionJwt, memberId);
        }

        boolean ofMember() {
            return Check.given(memberId) == 1;
        }

        SessionArgument session(Project project) {
            return SessionArgument.toRevoke(project, memberSessionId, sessionToken, sessionJwt);
        }

        @Override
        public String toString() {
            return "RevokeRequest";
        }
    }

    /// About whoever holds the sessions: a member may end their own, and those of others by a role.
    private RequiredPermissions wish(RevokeRequest request) {
        return new RequiredPermissions(
                List.of(),
                new RequiredPermissions.Target.Found(project -> holder(project, request)),
                List.of(RequiredPermissions.Permission.onMember("revoke-sessions")));
    }

    private Optional<String> holder(Project project, RevokeRequest request) {
        return request.ofMember()
                ? members.find(project, request.memberId)
                        .map(found -> found.member().id())
                : sessions.holder(project, request.session(project));
    }

    private EmptyResponse revoke(RequestContext call, RevokeRequest request) {
        Project project = call.project();
        if (request.ofMember()) {
            project.checkId(Ids.MEMBER, request.memberId, ErrorType.INVALID_ID);
            Check.that(members.find(project, request.memberId).isPresent(), ErrorType.MEMBER_NOT_FOUND);
            sessions.revokeAll(project, request.memberId, Sessions.EndReason.REVOKED);
        } else {
            sessions.revoke(project, request.session(project));
        }
        return new EmptyResponse();
    }
}
