package dev.selvage.backend.b2b;

import dev.selvage.backend.SessionFields;
import dev.selvage.error.Check;
import dev.selvage.error.SessionErrors;
import dev.selvage.messages.TextLanguage;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.CustomClaims;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.SessionDuration;
import dev.selvage.sessions.Sessions;
import dev.selvage.signin.MemberSandbox;
import dev.selvage.signin.MemberSignInOutcome;
import dev.selvage.signin.MemberSignInRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The fields with which a B2B sign-in call starts a session, or continues a session or an intermediate
/// session.
///
/// @param locale the language of a message that the sign-in may send
record MemberSessionFields(
        @Nullable String sessionToken,
        @Nullable String sessionJwt,
        @Nullable String intermediateSessionToken,
        @Nullable Integer sessionDurationMinutes,
        @Nullable ObjectNode sessionCustomClaims,
        @Nullable TextLanguage locale) {

    /// Checks what is wrong in every project.
    ///
    /// @throws dev.selvage.error.ApiError `invalid_session_duration_minutes`, `too_many_session_arguments`,
    ///         `invalid_session_token`
    MemberSessionFields {
        SessionDuration.check(sessionDurationMinutes);
        Check.atMostOne(SessionErrors.TOO_MANY_SESSION_ARGUMENTS, sessionToken, sessionJwt, intermediateSessionToken);
        SessionArgument.of(sessionToken, sessionJwt);
    }

    /// The fields of a call that accepts no intermediate session.
    static MemberSessionFields of(SessionFields session, @Nullable TextLanguage locale) {
        return new MemberSessionFields(
                session.sessionToken(),
                session.sessionJwt(),
                null,
                session.sessionDurationMinutes(),
                session.sessionCustomClaims(),
                locale);
    }

    /// The fields of a call that can only start a session.
    static MemberSessionFields starting(
            @Nullable Integer sessionDurationMinutes,
            @Nullable ObjectNode sessionCustomClaims,
            @Nullable TextLanguage locale) {
        return completing(null, sessionDurationMinutes, sessionCustomClaims, locale);
    }

    /// The fields of a call that completes an intermediate session.
    static MemberSessionFields completing(
            @Nullable String intermediateSessionToken,
            @Nullable Integer sessionDurationMinutes,
            @Nullable ObjectNode sessionCustomClaims,
            @Nullable TextLanguage locale) {
        return new MemberSessionFields(
                null, null, intermediateSessionToken, sessionDurationMinutes, sessionCustomClaims, locale);
    }

    /// Finds the session or intermediate session to continue, and checks the fields against the project.
    ///
    /// @throws dev.selvage.error.ApiError those of [MemberSignInRequest#resolve]
    MemberSignInRequest resolve(Project project, Sessions<MemberSession> sessions) {
        return MemberSignInRequest.resolve(
                project,
                sessions,
                SessionArgument.of(sessionToken, sessionJwt),
                Optional.ofNullable(intermediateSessionToken).filter(token -> !token.isEmpty()),
                sessionDurationMinutes,
                sessionCustomClaims,
                Attributes.NONE,
                TextLanguage.orEnglish(locale));
    }

    /// The outcome of a sign-in as the sandbox member.
    ///
    /// @throws dev.selvage.error.ApiError `invalid_session_duration`, and those of [CustomClaims#check]
    MemberSignInOutcome inSandbox(Project project, MemberSandbox sandbox) {
        SessionDuration.check(project, sessionDurationMinutes);
        return sandbox.signIn(project, sessionDurationMinutes, CustomClaims.check(project, sessionCustomClaims));
    }

    /// Without the tokens.
    @Override
    public String toString() {
        return "MemberSessionFields";
    }
}
