package dev.selvage.sessions;

import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.messages.TextLanguage;
import dev.selvage.projects.Project;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The members by which the sign-in calls of B2B projects ask for a session, or go on with one or with an
/// intermediate one.
///
/// @param locale of a message that the sign-in may send
public record MemberFields(
        String sessionToken,
        String sessionJwt,
        String intermediateSessionToken,
        Integer sessionDurationMinutes,
        ObjectNode sessionCustomClaims,
        String locale) {

    /// How long a session lives when the call does not say it (`semantics.md` 5).
    public static final int DURATION_MINUTES_DEFAULT = 60;

    /// Refuses what cannot be right in any project.
    ///
    /// @throws dev.selvage.error.ApiError `invalid_session_duration_minutes`, `too_many_session_arguments`,
    ///                                    `invalid_session_token`, `invalid_locale`
    public MemberFields {
        SessionDuration.check(sessionDurationMinutes);
        Check.that(
                Check.given(sessionToken, sessionJwt, intermediateSessionToken) < 2,
                ErrorType.TOO_MANY_SESSION_ARGUMENTS);
        SessionArgument.of(sessionToken, sessionJwt);
        TextLanguage.of(locale);
    }

    /// For a call that only starts sessions.
    public static MemberFields starting(Integer sessionDurationMinutes, ObjectNode sessionCustomClaims, String locale) {
        return new MemberFields(null, null, null, sessionDurationMinutes, sessionCustomClaims, locale);
    }

    /// The session to continue.
    public Optional<SessionArgument> argument() {
        return SessionArgument.of(sessionToken, sessionJwt);
    }

    /// The claims to merge, once the project allows them and the duration.
    ///
    /// @throws dev.selvage.error.ApiError `invalid_session_duration`, and those of [CustomClaims#check]
    public ObjectNode claimsIn(Project project) {
        SessionDuration.check(project, sessionDurationMinutes);
        return CustomClaims.check(project, sessionCustomClaims);
    }

    /// The token of the intermediate session to complete.
    public Optional<String> intermediate() {
        return Optional.ofNullable(intermediateSessionToken).filter(token -> !token.isEmpty());
    }

    /// Of the message that the sign-in may send.
    public TextLanguage language() {
        return TextLanguage.of(locale);
    }

    /// Without the tokens.
    @Override
    public String toString() {
        return "MemberFields";
    }
}
