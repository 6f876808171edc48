package dev.selvage.backend;

import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.CustomClaims;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.SessionDuration;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.UserSession;
import dev.selvage.signin.UserSignInRequest;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The fields by which every sign-in call asks for a session or continues one.
public record SessionFields(
        String sessionToken, String sessionJwt, Integer sessionDurationMinutes, ObjectNode sessionCustomClaims) {

    /// Refuses what cannot be right in any project.
    ///
    /// @throws ApiError `invalid_session_duration_minutes`, `too_many_session_arguments`,
    ///         `invalid_session_token`
    public SessionFields {
        SessionDuration.check(sessionDurationMinutes);
        SessionArgument.of(sessionToken, sessionJwt);
    }

    /// For a call that only starts sessions.
    public static SessionFields starting(Integer sessionDurationMinutes, ObjectNode sessionCustomClaims) {
        return new SessionFields(null, null, sessionDurationMinutes, sessionCustomClaims);
    }

    /// What the engines take.
    ///
    /// @throws ApiError those of [UserSignInRequest#resolve]
    UserSignInRequest resolve(Project project, Sessions<UserSession> sessions, Attributes attributes) {
        return UserSignInRequest.resolve(
                project, sessions, argument(), sessionDurationMinutes, sessionCustomClaims, attributes);
    }

    /// The session to continue.
    public Optional<SessionArgument> argument() {
        return SessionArgument.of(sessionToken, sessionJwt);
    }

    /// The session of a call that is about one.
    ///
    /// @throws ApiError `no_session_arguments`
    public SessionArgument required() {
        return argument().orElseThrow(() -> ApiError.of(ErrorType.NO_SESSION_ARGUMENTS));
    }

    /// The claims to merge, once the project allows them and the duration.
    ///
    /// @throws ApiError `invalid_session_duration`, and those of [CustomClaims#check]
    public ObjectNode claimsIn(Project project) {
        SessionDuration.check(project, sessionDurationMinutes);
        return CustomClaims.check(project, sessionCustomClaims);
    }

    /// Without the tokens.
    @Override
    public String toString() {
        return "SessionFields";
    }
}
