package dev.selvage.signin;

import dev.selvage.accounts.PriorAccess;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.CustomClaims;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.SessionDuration;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.UserSession;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The session part of a sign-in request of a consumer project.
///
/// @param running    the session to continue; empty for none
/// @param minutes    the lifetime of the session from now. Null keeps the expiry of a running session, and
///         starts no new one
/// @param claims     merged into the custom claims; checked by [CustomClaims#check]
/// @param attributes the attributes of a new session
public record UserSignInRequest(
        Optional<UserSession> running, @Nullable Integer minutes, ObjectNode claims, Attributes attributes) {

    /// Checks duration and claims against the project, then finds the session.
    ///
    /// @param argument the session to continue; empty for none
    /// @param minutes  null for none
    /// @param claims   null for none
    /// @throws dev.selvage.error.ApiError `invalid_session_duration`, those of [CustomClaims#check] and of
    ///         [Sessions#find]
    public static UserSignInRequest resolve(
            Project project,
            Sessions<UserSession> sessions,
            Optional<SessionArgument> argument,
            @Nullable Integer minutes,
            @Nullable ObjectNode claims,
            Attributes attributes) {
        SessionDuration.check(project, minutes);
        ObjectNode checked = CustomClaims.check(project, claims);
        return new UserSignInRequest(
                argument.map(session -> sessions.find(project, session)), minutes, checked, attributes);
    }

    /// Returns the request without its session, so that a new session starts.
    public UserSignInRequest withoutSession() {
        return new UserSignInRequest(Optional.empty(), minutes, claims, attributes);
    }

    /// The session that is kept if the call proves an address for the first time.
    public PriorAccess.KeptSessions keptSessions() {
        return new PriorAccess.KeptSessions(running.map(found -> found.session().id()), Optional.empty());
    }

    /// Omits the claims.
    @Override
    public String toString() {
        return "UserSignInRequest";
    }
}
