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
import tools.jackson.databind.node.ObjectNode;

/// What a call of a consumer project asks of the session, besides the proof.
///
/// @param running    the session to continue, as it was found; empty for none
/// @param minutes    the session expires so many minutes from now. Null: a running session as before, and no
///                   new one starts
/// @param claims     merged into the custom claims, checked by [CustomClaims#check]
/// @param attributes of a new session
public record UserSignInRequest(
        Optional<UserSession> running, Integer minutes, ObjectNode claims, Attributes attributes) {

    /// Checks duration and claims against the project, then finds the session.
    ///
    /// @param argument names the session to continue; empty for none
    /// @param minutes  null for none
    /// @param claims   null for none
    /// @throws dev.selvage.error.ApiError `invalid_session_duration`, those of [CustomClaims#check] and of
    ///                                    [Sessions#find]
    public static UserSignInRequest resolve(
            Project project,
            Sessions<UserSession> sessions,
            Optional<SessionArgument> argument,
            Integer minutes,
            ObjectNode claims,
            Attributes attributes) {
        SessionDuration.check(project, minutes);
        ObjectNode checked = CustomClaims.check(project, claims);
        return new UserSignInRequest(
                argument.map(named -> sessions.find(project, named)), minutes, checked, attributes);
    }

    /// The same without the session to continue: a new one starts instead.
    public UserSignInRequest withoutSession() {
        return new UserSignInRequest(Optional.empty(), minutes, claims, attributes);
    }

    /// What stays when the call proves an address for the first time.
    public PriorAccess.Kept kept() {
        return new PriorAccess.Kept(running.map(found -> found.session().id()).orElse(""), "");
    }

    /// Without the claims.
    @Override
    public String toString() {
        return "UserSignInRequest";
    }
}
