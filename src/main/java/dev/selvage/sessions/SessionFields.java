package dev.selvage.sessions;

import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The members by which every sign-in call asks for a session or continues one.
public record SessionFields(
        String sessionToken, String sessionJwt, Integer sessionDurationMinutes, ObjectNode sessionCustomClaims) {

    /// Source: `semantics.md` 3.1.
    public static final int DURATION_MINUTES_MIN = 5;

    /// Refuses what cannot be right in any project.
    ///
    /// @throws ApiError `invalid_session_duration_minutes` (also for 0, `open-questions.md` 14),
    ///                  `too_many_session_arguments`, `invalid_session_token`
    public SessionFields {
        checkDuration(sessionDurationMinutes);
        SessionArgument.of(sessionToken, sessionJwt);
    }

    /// For a call that only starts sessions.
    public static SessionFields starting(Integer sessionDurationMinutes, ObjectNode sessionCustomClaims) {
        return new SessionFields(null, null, sessionDurationMinutes, sessionCustomClaims);
    }

    /// The same without the session to continue: a new one starts instead.
    public SessionFields anew() {
        return starting(sessionDurationMinutes, sessionCustomClaims);
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
        checkDuration(project, sessionDurationMinutes);
        return CustomClaims.check(project, sessionCustomClaims);
    }

    /// Refuses a duration that no project allows; null is fine.
    ///
    /// @throws ApiError `invalid_session_duration_minutes`
    public static void checkDuration(Integer minutes) {
        Check.that(
                minutes == null || minutes >= DURATION_MINUTES_MIN && minutes <= Settings.Sessions.DURATION_MINUTES_MAX,
                ErrorType.INVALID_SESSION_DURATION_MINUTES);
    }

    /// Refuses a duration that this project does not allow.
    ///
    /// @throws ApiError `invalid_session_duration`
    public static void checkDuration(Project project, Integer minutes) {
        int max = project.settings().sessions().maxDurationMinutes();
        if (minutes != null && minutes > max) {
            throw ApiError.bySetting(ErrorType.INVALID_SESSION_DURATION, minutes.toString(), List.of("5 to " + max));
        }
    }

    /// Without the tokens.
    @Override
    public String toString() {
        return "SessionFields";
    }
}
