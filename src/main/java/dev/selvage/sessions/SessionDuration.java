package dev.selvage.sessions;

import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.SessionErrors;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks the lifetime of sessions, in minutes.
public final class SessionDuration {

    /// The shortest lifetime (`semantics.md` 3.1).
    public static final int MINUTES_MIN = 5;
    /// The lifetime of a member's session if the call has no `session_duration_minutes` (`semantics.md` 5),
    /// unless the project allows less.
    public static final int MINUTES_OF_MEMBERS = 60;

    private SessionDuration() {}

    /// Refuses a duration that no project allows.
    ///
    /// @param minutes null for none
    /// @throws ApiError `invalid_session_duration_minutes` (also for 0, `open-questions.md` 14)
    public static void check(@Nullable Integer minutes) {
        Check.that(
                minutes == null || minutes >= MINUTES_MIN && minutes <= Settings.Sessions.DURATION_MINUTES_MAX,
                SessionErrors.INVALID_SESSION_DURATION_MINUTES);
    }

    /// Refuses a duration that this project does not allow.
    ///
    /// @param minutes null for none
    /// @throws ApiError `invalid_session_duration`
    public static void check(Project project, @Nullable Integer minutes) {
        int max = project.settings().sessions().maxDurationMinutes();
        if (minutes != null && minutes > max) {
            throw ApiError.bySetting(
                    SessionErrors.INVALID_SESSION_DURATION, minutes.toString(), List.of(MINUTES_MIN + " to " + max));
        }
    }
}
