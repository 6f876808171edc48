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

/// The session and the user that every test project seems to have and none stores (`semantics.md` 14), so that
/// an integration can be tried before anybody has signed in. Neither can be changed: what a call asks of them
/// shows in its own answer and nowhere else.
public final class SandboxSession {

    /// Answered by `sessions.authenticate`. The other token of the contract (`59cn…`) is unknown, as any other.
    public static final String TOKEN = "WJtR5BCy38Szd5AfoDpf0iqFKEt4EE5JhjlWUY7l3FtY";
    /// The session as a call names it.
    public static final SessionArgument ARGUMENT = new SessionArgument.Token(TOKEN);
    public static final String EMAIL = "sandbox@stytch.com";
    public static final String PHONE = "+10000000000";
    /// The one-time passcode that is always good.
    public static final String CODE = "000000";
    public static final String USER_ID = "user-test-e3795c81-f849-4167-bfda-e4a6e9c280fd";
    public static final String EMAIL_ID = "email-test-23873e89-d4ed-4e92-b3b9-e5c7198fa286";
    public static final String PHONE_ID = "phone-number-test-98cfbe19-6c8f-4b8b-b62a-e78a5a7bdff3";

    static final String SESSION_ID = "session-test-eb94233f-8800-4ebd-8645-51dc15f9d028";
    /// Bodies show it with its microseconds (`open-questions.md` 24), JWTs in whole seconds.
    public static final String STARTED_AT = "2021-08-28T00:41:58.935673Z";

    private static final int MINUTES = 60;

    private SandboxSession() {}

    /// Whether sandbox values answer in this project.
    public static boolean isIn(Project project) {
        return project.settings().sandboxIn(project.environment());
    }

    /// The user, with one email address and one phone number.
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

    /// The session as it is at `now`, in milliseconds: accessed now, good for an hour.
    public static UserSession at(long now) {
        return new UserSession(of(new Subject.User(USER_ID), now), user());
    }

    static Session of(Subject holder, long now) {
        return new Session(
                SESSION_ID,
                holder,
                startedAt(),
                now,
                now + MINUTES * Times.MINUTE_MILLIS,
                Attributes.NONE,
                List.of(Factor.emailMagicLink(EMAIL_ID, EMAIL, now)),
                Json.object(),
                new TokenSource.Known(TOKEN),
                0);
    }

    /// Whether it is this session.
    public static boolean is(Session session) {
        return session.id().equals(SESSION_ID);
    }

    /// Whether a token names it, in a project where the sandbox answers. The token is public, so any comparison
    /// will do.
    static boolean hasToken(Project project, String token) {
        return isIn(project) && TOKEN.equals(token);
    }

    /// As [#hasToken], for an id, such as one that a verified JWT holds.
    static boolean hasId(Project project, String sessionId) {
        return isIn(project) && SESSION_ID.equals(sessionId);
    }

    static long startedAt() {
        return Instant.parse(STARTED_AT).toEpochMilli();
    }
}
