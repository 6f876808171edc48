package dev.selvage.backend;

import dev.selvage.error.ApiError;
import dev.selvage.error.SessionErrors;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.CustomClaims;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.SessionDuration;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.UserSession;
import dev.selvage.signin.UserSignInRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The fields with which a sign-in call starts a session or continues one.
public record SessionFields(
        @Nullable String sessionToken,
        @Nullable String sessionJwt,
        @Nullable Integer sessionDurationMinutes,
        @Nullable ObjectNode sessionCustomClaims) {

    /// Checks what is wrong in every project.
    ///
    /// @throws ApiError `invalid_session_duration_minutes`, `too_many_session_arguments`,
    ///         `invalid_session_token`
    public SessionFields {
        SessionDuration.check(sessionDurationMinutes);
        SessionArgument.of(sessionToken, sessionJwt);
    }

    /// The fields of a call that can only start a session.
    public static SessionFields starting(
            @Nullable Integer sessionDurationMinutes, @Nullable ObjectNode sessionCustomClaims) {
        return new SessionFields(null, null, sessionDurationMinutes, sessionCustomClaims);
    }

    /// Finds the session to continue, and checks the fields against the project.
    ///
    /// @throws ApiError those of [UserSignInRequest#resolve]
    UserSignInRequest resolve(Project project, Sessions<UserSession> sessions, Attributes attributes) {
        return UserSignInRequest.resolve(
                project, sessions, argument(), sessionDurationMinutes, sessionCustomClaims, attributes);
    }

    /// The session to continue; empty if the call names none.
    public Optional<SessionArgument> argument() {
        return SessionArgument.of(sessionToken, sessionJwt);
    }

    /// The session of a call that requires one.
    ///
    /// @throws ApiError `no_session_arguments`
    public SessionArgument required() {
        return argument().orElseThrow(() -> ApiError.of(SessionErrors.NO_SESSION_ARGUMENTS));
    }

    /// Checks the duration and the claims against the project, and returns the claims to merge.
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
