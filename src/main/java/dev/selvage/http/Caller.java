package dev.selvage.http;

import dev.selvage.projects.Project;
import java.util.Optional;

/// The authenticated sender of a request.
public sealed interface Caller {

    /// A backend that authenticated with the secret of its project.
    ///
    /// @param ofMember whether the request also carries the session of a member. The call is then limited to
    ///         the organization and the rights of that member
    record Backend(Project project, boolean ofMember) implements Caller {}

    /// A browser or an app that uses the public token of its project.
    record Browser(Project project) implements Caller {}

    /// An OAuth client (RFC 6749, 2) of a project.
    record OAuthClient(Project project, String clientId) implements Caller {}

    /// An identity provider that uses the token of a SCIM connection.
    record ScimConnection(Project project, String connectionId) implements Caller {}

    /// The operator of this server.
    record Operator() implements Caller {}

    /// An unauthenticated caller.
    record Anyone() implements Caller {}

    /// The project that the caller acts for; empty for [Operator] and [Anyone].
    default Optional<Project> projectIfAny() {
        return switch (this) {
            case Backend(Project project, boolean ofMember) -> Optional.of(project);
            case Browser(Project project) -> Optional.of(project);
            case OAuthClient(Project project, String clientId) -> Optional.of(project);
            case ScimConnection(Project project, String connectionId) -> Optional.of(project);
            case Operator operator -> Optional.empty();
            case Anyone anyone -> Optional.empty();
        };
    }
}
