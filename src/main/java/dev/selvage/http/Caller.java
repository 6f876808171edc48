package dev.selvage.http;

import dev.selvage.projects.Project;
import java.util.Optional;

/// Who makes a call, as its surface has recognised it.
public sealed interface Caller {

    /// A backend with the secret of its project.
    ///
    /// @param ofMember whether the call also carries the session of a member. It then reaches no further than
    ///         the organization of that member, with the rights of that member
    record Backend(Project project, boolean ofMember) implements Caller {}

    /// A browser or an app with the public token of its project.
    record Browser(Project project) implements Caller {}

    /// An OAuth client (RFC 6749, 2) of a project.
    record OAuthClient(Project project, String clientId) implements Caller {}

    /// An identity provider with the token of a SCIM connection.
    record ScimConnection(Project project, String connectionId) implements Caller {}

    /// The operator of this server.
    record Operator() implements Caller {}

    /// Anyone, without credentials.
    record Anyone() implements Caller {}

    /// The project in whose name the call is made; empty for [Operator] and [Anyone].
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
