package dev.selvage.sessions;

import dev.selvage.base.Json;
import dev.selvage.base.Times;
import dev.selvage.projects.Project;
import dev.selvage.subjects.SubjectStore;
import dev.selvage.users.FactorKind;
import dev.selvage.users.User;
import dev.selvage.users.UserFactor;
import java.time.Instant;
import java.util.List;

/// The fixed session and user of the sandbox (`semantics.md` 14). Every test project with the sandbox has them,
/// and none stores them, so that an integration can be tried before the first sign-in. Neither can be changed:
/// a change shows only in the response of the call that asks for it.
public final class SandboxSession {

    /// The token that `sessions.authenticate` accepts. The other token of the contract (`59cn…`) is unknown.
    public static final String TOKEN = "WJtR5BCy38Szd5AfoDpf0iqFKEt4EE5JhjlWUY7l3FtY";
    /// The session as the argument of a call.
    public static final SessionArgument ARGUMENT = new SessionArgument.Token(TOKEN);
    public static final String EMAIL = "sandbox@stytch.com";
    public static final String PHONE = "+10000000000";
    /// The one-time passcode that is always valid.
    public static final String CODE = "000000";
    public static final String USER_ID = "user-test-e3795c81-f849-4167-bfda-e4a6e9c280fd";
    public static final String EMAIL_ID = "email-test-23873e89-d4ed-4e92-b3b9-e5c7198fa286";
    public static final String PHONE_ID = "phone-number-test-98cfbe19-6c8f-4b8b-b62a-e78a5a7bdff3";

    static final String SESSION_ID = "session-test-eb94233f-8800-4ebd-8645-51dc15f9d028";
    /// Responses show it with microseconds (`open-questions.md` 24), JWTs in whole seconds.
    public static final String STARTED_AT = "2021-08-28T00:41:58.935673Z";

    private static final int MINUTES = 60;

    private SandboxSession() {}

    /// Whether the sandbox is available in this project.
    public static boolean isIn(Project project) {
        return project.settings().sandboxIn(project.environment());
    }

    /// Returns the user, with one email address and one phone number.
    public static User user() {
        long createdAt = startedAt();
        return new User(
                USER_ID,
                User.Status.ACTIVE,
                new User.Profile(User.Name.NONE, null, Json.object(), Json.object()),
                List.of(
                        new UserFactor(EMAIL_ID, FactorKind.EMAIL, EMAIL, false, Json.object(), createdAt, null),
                        new UserFactor(PHONE_ID, FactorKind.PHONE, PHONE, false, Json.object(), createdAt, null)),
                null,
                List.of(),
                SubjectStore.Failures.NONE,
                createdAt);
    }

    /// Returns the session at `now`, in milliseconds: accessed at `now`, and expiring 60 minutes later.
    public static UserSession at(long now) {
        return new UserSession(of(new Subject.User(USER_ID), now), user());
    }

    static Session of(Subject subject, long now) {
        return new Session(
                SESSION_ID,
                subject,
                startedAt(),
                now,
                now + MINUTES * Times.MINUTE_MILLIS,
                Attributes.NONE,
                List.of(Factor.emailMagicLink(EMAIL_ID, EMAIL, now)),
                Json.object(),
                new TokenSource.Known(TOKEN),
                0,
                null);
    }

    /// Whether a session is the sandbox session.
    public static boolean is(Session session) {
        return session.id().equals(SESSION_ID);
    }

    /// Whether the token is that of the sandbox session and the sandbox is available in the project. The token
    /// is public, so the comparison need not be constant-time.
    static boolean hasToken(Project project, String token) {
        return isIn(project) && TOKEN.equals(token);
    }

    /// As [#hasToken], for a session id, such as that of a verified JWT.
    static boolean hasId(Project project, String sessionId) {
        return isIn(project) && SESSION_ID.equals(sessionId);
    }

    static long startedAt() {
        return Instant.parse(STARTED_AT).toEpochMilli();
    }
}
