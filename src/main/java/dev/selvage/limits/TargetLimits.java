package dev.selvage.limits;

import dev.selvage.base.Times;
import dev.selvage.base.Tokens;
import dev.selvage.base.World;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings.RateLimits.Limit;
import java.util.Map;
import java.util.Set;

/// Limits that protect one account: messages to an address or a number, guesses at a code. Counted in the store, so that they hold
/// across nodes; in fixed windows on the clock (`semantics.md` 13). A target is stored as a digest.
public final class TargetLimits {

    /// Email messages to one address.
    public static final String EMAIL_SEND = "email_send";

    /// Text messages, by SMS or WhatsApp, to one phone number.
    public static final String SMS_SEND = "sms_send";

    /// Wrong guesses at the passcodes of an address that is nobody's yet. Those of members lock the member instead, after as
    /// many in a row.
    public static final String CODE_GUESS = "code_guess";

    private static final Map<String, Limit> DEFAULTS = Map.of(EMAIL_SEND, new Limit(1, 1), SMS_SEND, new Limit(1, 1),
            CODE_GUESS, new Limit(10, 3_600));

    private final Database database;
    private final World world;

    public TargetLimits(Database database, World world) {
        this.database = database;
        this.world = world;
    }

    /// The kinds of events that are counted.
    public static Set<String> names() {
        return DEFAULTS.keySet();
    }

    /// Counts an event of kind `name` for `target`, or refuses with 429 and the time to wait.
    public void check(Project project, String name, String target) {
        Window window = window(project, name);
        int count = database.write(handle -> handle.createQuery("""
                        INSERT INTO counters (project_id, target, window_start, count)
                        VALUES (:projectId, :target, :start, 1)
                        ON CONFLICT (project_id, target) DO UPDATE SET
                            count = CASE WHEN counters.window_start = EXCLUDED.window_start THEN counters.count + 1 ELSE 1 END,
                            window_start = EXCLUDED.window_start
                        RETURNING count""")
                .bind("projectId", project.id())
                .bind("target", digest(name, target))
                .bind("start", window.start)
                .mapTo(Integer.class)
                .one());
        if (count > window.calls) {
            throw window.over();
        }
    }

    /// Makes an attempt of which only those are events that are refused with `wrong`. When there were as many as there may
    /// be, none is made any more. Must not be called within a transaction: with that, the count would be forgotten.
    ///
    /// @throws ApiError what `attempt` throws; `too_many_requests`
    public void counted(Project project, String name, String target, ErrorType wrong, Runnable attempt) {
        Window window = window(project, name);
        int before = database.read(handle -> handle.createQuery("""
                        SELECT count FROM counters
                        WHERE project_id = :projectId AND target = :target AND window_start = :start""")
                .bind("projectId", project.id())
                .bind("target", digest(name, target))
                .bind("start", window.start)
                .mapTo(Integer.class)
                .findOne()
                .orElse(0));
        if (before >= window.calls) {
            throw window.over();
        }
        try {
            attempt.run();
        } catch (ApiError refused) {
            if (refused.type() == wrong) {
                check(project, name, target);
            }
            throw refused;
        }
    }

    /// Removes at most `rows` counters whose window is long over; answers how many. One that counts anew meanwhile stays.
    public int sweep(int rows) {
        return database.write(handle -> handle.createUpdate("""
                        DELETE FROM counters WHERE window_start < :limit AND (project_id, target) IN (
                            SELECT project_id, target FROM counters WHERE window_start < :limit ORDER BY window_start LIMIT :rows)""")
                .bind("limit", world.millis() - Times.DAY_MILLIS)
                .bind("rows", rows)
                .execute());
    }

    /// The window that is now.
    ///
    /// @param start   milliseconds
    /// @param seconds until the next one
    private record Window(long start, int calls, long seconds) {

        private ApiError over() {
            return ApiError.tooMany(ErrorType.TOO_MANY_REQUESTS, seconds);
        }
    }

    private Window window(Project project, String name) {
        Limit limit = project.settings().rateLimits().targets().getOrDefault(name, DEFAULTS.get(name));
        long now = world.millis();
        long length = limit.seconds() * Times.SECOND_MILLIS;
        long start = now - now % length;
        return new Window(start, limit.calls(), (start + length - now + 999) / Times.SECOND_MILLIS);
    }

    private static String digest(String name, String target) {
        return Tokens.encode(Tokens.hash(name + ":" + target));
    }
}
