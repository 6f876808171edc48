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

    private static final Map<String, Limit> DEFAULTS = Map.of(EMAIL_SEND, new Limit(1, 1), SMS_SEND, new Limit(1, 1));

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
        Limit limit = project.settings().rateLimits().targets().getOrDefault(name, DEFAULTS.get(name));
        long now = world.millis();
        long window = limit.seconds() * Times.SECOND_MILLIS;
        long start = now - now % window;
        int count = database.write(handle -> handle.createQuery("""
                        INSERT INTO counters (project_id, target, window_start, count)
                        VALUES (:projectId, :target, :start, 1)
                        ON CONFLICT (project_id, target) DO UPDATE SET
                            count = CASE WHEN counters.window_start = EXCLUDED.window_start THEN counters.count + 1 ELSE 1 END,
                            window_start = EXCLUDED.window_start
                        RETURNING count""")
                .bind("projectId", project.id())
                .bind("target", Tokens.encode(Tokens.hash(name + ":" + target)))
                .bind("start", start)
                .mapTo(Integer.class)
                .one());
        if (count > limit.calls()) {
            throw ApiError.tooMany(ErrorType.TOO_MANY_REQUESTS, (start + window - now + 999) / Times.SECOND_MILLIS);
        }
    }

    /// Removes counters whose window is long over; answers how many.
    public int sweep() {
        return database.write(handle -> handle.createUpdate("DELETE FROM counters WHERE window_start < :limit")
                .bind("limit", world.millis() - Times.DAY_MILLIS)
                .execute());
    }
}
