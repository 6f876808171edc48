package dev.selvage.signin;

import dev.selvage.accounts.PriorAccess;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The session part of a sign-in request of a B2B project. At most one of `running` and `intermediateToken` is
/// present.
///
/// @param running           the session to continue; empty for none
/// @param intermediateToken the token of the intermediate session to complete; empty for none. A sign-in reads
///         it once, in the transaction that locks it
/// @param minutes           the lifetime of the session from now. Null keeps the expiry of a running session,
///         and gives a new one the default of [#newSessionMinutes]
/// @param claims            merged into the custom claims; checked by [CustomClaims#check]
/// @param attributes        the attributes of a new session
/// @param language          the language of messages that the sign-in sends
public record MemberSignInRequest(
        Optional<MemberSession> running,
        Optional<String> intermediateToken,
        @Nullable Integer minutes,
        ObjectNode claims,
        Attributes attributes,
        TextLanguage language) {

    /// Checks duration and claims against the project, then finds the session.
    ///
    /// @param argument          the session to continue; empty for none
    /// @param intermediateToken as above
    /// @param minutes           null for none
    /// @param claims            null for none
    /// @throws dev.selvage.error.ApiError `invalid_session_duration`, those of [CustomClaims#check] and of
    ///         [Sessions#find]
    public static MemberSignInRequest resolve(
            Project project,
            Sessions<MemberSession> sessions,
            Optional<SessionArgument> argument,
            Optional<String> intermediateToken,
            @Nullable Integer minutes,
            @Nullable ObjectNode claims,
            Attributes attributes,
            TextLanguage language) {
        SessionDuration.check(project, minutes);
        ObjectNode checked = CustomClaims.check(project, claims);
        return new MemberSignInRequest(
                argument.map(session -> sessions.find(project, session)),
                intermediateToken,
                minutes,
                checked,
                attributes,
                language);
    }

    /// The lifetime of a new session, in minutes: as requested, else [SessionDuration#MINUTES_OF_MEMBERS] or
    /// the project's maximum, whichever is smaller.
    int newSessionMinutes(Project project) {
        return minutes != null
                ? minutes
                : Math.min(
                        SessionDuration.MINUTES_OF_MEMBERS,
                        project.settings().sessions().maxDurationMinutes());
    }

    /// The sessions that are kept if the call proves an address for the first time.
    public PriorAccess.KeptSessions keptSessions() {
        return new PriorAccess.KeptSessions(running.map(found -> found.session().id()), intermediateToken);
    }

    /// Refuses a request without a session and without an intermediate session.
    ///
    /// @throws dev.selvage.error.ApiError `no_session_arguments`
    void requireSession() {
        Check.that(running.isPresent() || intermediateToken.isPresent(), SessionErrors.NO_SESSION_ARGUMENTS);
    }

    /// Omits the token and the claims.
    @Override
    public String toString() {
        return "MemberSignInRequest";
    }
}
