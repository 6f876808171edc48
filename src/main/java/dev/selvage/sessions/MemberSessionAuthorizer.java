package dev.selvage.sessions;

import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.SessionErrors;
import dev.selvage.members.Members;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.rbac.Authorization;
import dev.selvage.rbac.RequiredPermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Checks that the member of a session may make a call (`semantics.md` 7). The call must be about the member's
/// own organization, and a role of the member must grant it. The organization is checked before permissions,
/// and a refusal reveals nothing about another organization.
public final class MemberSessionAuthorizer {

    private static final String SELF = "stytch.self";

    private final Sessions<MemberSession> sessions;
    private final Organizations organizations;
    private final Members members;

    public MemberSessionAuthorizer(Sessions<MemberSession> sessions, Organizations organizations, Members members) {
        this.sessions = sessions;
        this.organizations = organizations;
        this.members = members;
    }

    /// Returns if the member may make the call, and records the access of the session.
    ///
    /// @param tokens      all session tokens of the call, as sent
    /// @param jwts        all session JWTs of the call, as sent; tokens and JWTs together are at least one
    /// @param permissions evaluated after the session is found; may refuse
    /// @throws ApiError `invalid_session_token`, `unable_to_parse_session_jwt`, `session_not_found`;
    ///         `too_many_session_arguments` if they identify several sessions;
    ///         `session_authorization_tenancy_error`, `session_authorization_error`, `member_not_found`; or
    ///         the refusal of a permission that excludes the member itself
    public void authorize(
            Project project, List<String> tokens, List<String> jwts, Supplier<RequiredPermissions> permissions) {
        MemberSession caller = caller(project, tokens, jwts);
        RequiredPermissions required = permissions.get();
        for (String key : required.organizationKeys()) {
            Check.that(
                    organizations.isNamed(project, caller.organization(), key),
                    SessionErrors.SESSION_AUTHORIZATION_TENANCY_ERROR);
        }
        boolean self = isSelf(project, caller, required.target());
        for (RequiredPermissions.Permission permission : required.needs().apply(project)) {
            ErrorType notSelf = permission.notSelf();
            if (self && notSelf != null) {
                throw ApiError.of(notSelf);
            }
            Check.that(
                    isGranted(project, caller, permission.resourceId(), permission.action())
                            || self && permission.ofSelf() && isGranted(project, caller, SELF, permission.action()),
                    SessionErrors.SESSION_AUTHORIZATION_ERROR);
        }
        sessions.accessed(project, caller.session());
    }

    /// Returns the session that all tokens and JWTs identify.
    private MemberSession caller(Project project, List<String> tokens, List<String> jwts) {
        List<SessionArgument> arguments = new ArrayList<>();
        for (String token : tokens) {
            Check.that(!token.isEmpty(), SessionErrors.SESSION_NOT_FOUND);
            arguments.add(SessionArgument.token(token));
        }
        for (String jwt : jwts) {
            Check.that(!jwt.isEmpty(), SessionErrors.SESSION_NOT_FOUND);
            arguments.add(new SessionArgument.Jwt(jwt));
        }
        List<MemberSession> found = arguments.stream()
                .map(argument -> sessions.find(project, argument))
                .toList();
        MemberSession first = found.getFirst();
        Check.that(
                found.stream()
                        .allMatch(other ->
                                other.session().id().equals(first.session().id())),
                SessionErrors.TOO_MANY_SESSION_ARGUMENTS);
        return first;
    }

    /// Whether the call is about the member of the session.
    ///
    /// @throws ApiError `member_not_found`, `session_authorization_tenancy_error`
    private boolean isSelf(Project project, MemberSession caller, RequiredPermissions.Target target) {
        return switch (target) {
            case RequiredPermissions.Target.None none -> false;
            case RequiredPermissions.Target.Key(String key) ->
                members.get(project, caller.organization().id(), key)
                        .member()
                        .id()
                        .equals(caller.member().id());
            case RequiredPermissions.Target.Found(var memberId) ->
                memberId.apply(project)
                        .map(id -> {
                            Check.that(
                                    members.find(project, id)
                                            .filter(found -> found.organization()
                                                    .id()
                                                    .equals(caller.organization()
                                                            .id()))
                                            .isPresent(),
                                    SessionErrors.SESSION_AUTHORIZATION_TENANCY_ERROR);
                            return id.equals(caller.member().id());
                        })
                        .orElse(false);
        };
    }

    private static boolean isGranted(Project project, MemberSession caller, String resourceId, String action) {
        return !Authorization.granting(project, caller.organization().roles(), caller.roles(), resourceId, action)
                .isEmpty();
    }
}
