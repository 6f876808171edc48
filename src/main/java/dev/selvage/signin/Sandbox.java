package dev.selvage.signin;

import dev.selvage.base.Environment;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.MagicLinkErrors;
import dev.selvage.error.RequestErrors;
import dev.selvage.projects.Project;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.UserSession;
import java.util.Optional;

/// The sign-in of the sandbox user (`semantics.md` 14): with fixed values, in test projects only. It stores and
/// sends nothing.
public final class Sandbox {

    public static final String MAGIC_LINK_TOKEN = "DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94=";
    public static final String USED_MAGIC_LINK_TOKEN = "3pzjQpgksDlGKWEwUq2Up--hCHC_0oamfLHyfspKDFU=";
    public static final String UNKNOWN_MAGIC_LINK_TOKEN = "CprTtwhnRNiMBiUS2jSLcWYrfuO2POeBNdo5HhW6qTM=";

    private final Sessions<UserSession> sessions;

    public Sandbox(Sessions<UserSession> sessions) {
        this.sessions = sessions;
    }

    /// Whether a call with an email address is about the sandbox user or the sandbox member. Such a call
    /// returns the ids of [SandboxSession] and has no effect.
    ///
    /// @throws ApiError `invalid_email_sandbox` in a live project, where no user has this address
    public static boolean owns(Project project, EmailAddress email) {
        if (!email.value().equals(SandboxSession.EMAIL)) {
            return false;
        }
        Check.that(project.environment() == Environment.TEST, RequestErrors.INVALID_EMAIL_SANDBOX);
        return SandboxSession.isIn(project);
    }

    /// Whether a token is the sandbox's valid magic link token. Consumer and B2B projects have the same tokens.
    ///
    /// @throws ApiError `unable_to_auth_magic_link` for the used token, `magic_link_not_found` for the unknown
    ///         token
    public static boolean accepts(Project project, String token) {
        if (!SandboxSession.isIn(project)) {
            return false;
        }
        return switch (token) {
            case MAGIC_LINK_TOKEN -> true;
            case USED_MAGIC_LINK_TOKEN -> throw ApiError.of(MagicLinkErrors.UNABLE_TO_AUTH_MAGIC_LINK);
            case UNKNOWN_MAGIC_LINK_TOKEN -> throw ApiError.of(MagicLinkErrors.MAGIC_LINK_NOT_FOUND);
            default -> false;
        };
    }

    /// Signs in the sandbox user.
    ///
    /// @throws ApiError as [UserSignIn#signIn]
    public UserSignedIn signIn(Project project, UserSignInRequest request) {
        // The session of a real user is ignored, as that of any other user (`semantics.md` 3.2).
        Optional<UserSession> running = request.running().filter(found -> SandboxSession.is(found.session()));
        if (running.isEmpty() && request.minutes() == null) {
            return UserSignedIn.without(SandboxSession.user());
        }
        UserSession session = running.orElseGet(() -> sessions.find(project, SandboxSession.ARGUMENT));
        return UserSignedIn.with(sessions.authenticate(project, session, request.minutes(), request.claims()));
    }
}
