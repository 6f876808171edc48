package dev.selvage.sessions;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.selvage.base.World;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.Call;
import dev.selvage.http.Endpoint;
import dev.selvage.organizations.MemberBody;
import dev.selvage.organizations.Members;
import dev.selvage.organizations.OrganizationBody;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.rbac.Authorization;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/b2b/sessions`: list, authenticate, revoke. The calls that sign somebody in are in `login`; the keys that verify JWTs
/// are those of [SessionsApi].
public final class B2bSessionsApi {

    private final Sessions<MemberSession> sessions;
    private final MemberSessionStore store;
    private final Members members;
    private final Organizations organizations;
    private final World world;

    public B2bSessionsApi(Sessions<MemberSession> sessions, MemberSessionStore store, Members members,
                          Organizations organizations, World world) {
        this.sessions = sessions;
        this.store = store;
        this.members = members;
        this.organizations = organizations;
        this.world = world;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.get("/v1/b2b/sessions", GetRequest.class, this::get),
                Endpoint.post("/v1/b2b/sessions/authenticate", AuthenticateRequest.class, this::authenticate));
    }

    record GetRequest(String organizationId, String memberId) { }

    record GetAnswer(List<MemberSessionBody> memberSessions) { }

    private GetAnswer get(Call call, GetRequest request) {
        Project project = call.project();
        Organizations.checkKey(project, request.organizationId);
        Members.checkKey(project, request.memberId);
        MemberSessionStore.OfMember found = store.ofMember(project.id(), request.organizationId, request.memberId, world.millis())
                .orElseThrow(() -> ApiError.of(ErrorType.ORGANIZATION_NOT_FOUND));
        Check.that(found.memberId() != null, ErrorType.MEMBER_NOT_FOUND);
        return new GetAnswer(found.sessions().stream()
                .map(session -> MemberSessionBody.of(sessions.seen(project, session), found.organizationId(), found.slug(),
                        found.roleIds()))
                .toList());
    }

    record AuthenticateRequest(String sessionToken, String sessionJwt, Integer sessionDurationMinutes,
                               ObjectNode sessionCustomClaims, AuthorizationCheck authorizationCheck) {
        AuthenticateRequest {
            SessionFields.checkDuration(sessionDurationMinutes);
        }

        SessionArgument session() {
            return SessionArgument.of(sessionToken, sessionJwt)
                    .orElseThrow(() -> ApiError.of(ErrorType.NO_SESSION_ARGUMENTS));
        }
    }

    record AuthorizationCheck(String organizationId, String resourceId, String action) {
        AuthorizationCheck {
            Check.required(organizationId, "authorization_check.organization_id");
            Check.required(resourceId, "authorization_check.resource_id");
            Check.required(action, "authorization_check.action");
        }
    }

    record AuthenticateAnswer(MemberSessionBody memberSession, String sessionToken, String sessionJwt, MemberBody member,
                              OrganizationBody organization, @JsonInclude(JsonInclude.Include.NON_NULL) Authorization.Verdict verdict) { }

    private AuthenticateAnswer authenticate(Call call, AuthenticateRequest request) {
        Project project = call.project();
        SessionArgument argument = request.session();
        SessionFields.checkDuration(project, request.sessionDurationMinutes);
        ObjectNode claims = CustomClaims.check(project, request.sessionCustomClaims);
        MemberSession found = sessions.find(project, argument);
        // A refused check changes nothing: open-questions.md 13.
        Authorization.Verdict verdict = request.authorizationCheck == null ? null
                : verdict(project, found, request.authorizationCheck);
        Sessions.Issued<MemberSession> issued = sessions.authenticate(project, found, request.sessionDurationMinutes, claims);
        return new AuthenticateAnswer(MemberSessionBody.of(issued.held()), issued.token(), issued.jwt(),
                MemberBody.of(issued.held().membership()), OrganizationBody.of(issued.held().organization()), verdict);
    }

    /// Tenancy is judged before permission (`semantics.md` 7).
    private Authorization.Verdict verdict(Project project, MemberSession held, AuthorizationCheck check) {
        Check.that(organizations.find(project, check.organizationId)
                        .filter(named -> named.id().equals(held.organization().id())).isPresent(),
                ErrorType.SESSION_AUTHORIZATION_TENANCY_ERROR);
        List<String> granting = Authorization.granting(project, held.organization().roles(), held.roles(), check.resourceId,
                check.action);
        Check.that(!granting.isEmpty(), ErrorType.SESSION_AUTHORIZATION_ERROR);
        return new Authorization.Verdict(true, granting);
    }
}
