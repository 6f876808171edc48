package dev.selvage.limits;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Times;
import dev.selvage.base.Tokens;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings.RateLimits.Limit;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/// Limits that protect an account: messages to an address or number, and guesses at codes. The counts are in
/// the store, so they apply to all nodes. A count belongs to a project and a target and does not depend on
/// members and codes. The store contains a digest of the target.
public final class TargetLimits {

    /// Email messages to one address.
    public static final String EMAIL_SEND = "email_send";

    /// Text messages, by SMS or WhatsApp, to one phone number.
    public static final String SMS_SEND = "sms_send";

    /// Wrong guesses at the codes of one address, one phone number, or one member's TOTP.
    public static final String CODE_GUESS = "code_guess";

    private static final Map<String, Kind> KINDS = Map.of(
            EMAIL_SEND,
            new Kind(new Limit(1, 1), true),
            SMS_SEND,
            new Kind(new Limit(1, 1), true),
            CODE_GUESS,
            new Kind(new Limit(10, 3_600), false));

    private final Database database;
    private final ClockAndRandom clockAndRandom;

    public TargetLimits(Database database, ClockAndRandom clockAndRandom) {
        this.database = database;
        this.clockAndRandom = clockAndRandom;
    }

    /// A kind of event.
    ///
    /// @param usual   default limit
    /// @param onClock whether windows start at multiples of their length (`semantics.md` 13). At the boundary
    ///                of two windows, twice the events fit into one length. Otherwise a window ends after its
    ///                length without events, so no period of that length contains more events than the limit.
    private record Kind(Limit usual, boolean onClock) {}

    /// The names of the kinds of events.
    public static Set<String> names() {
        return KINDS.keySet();
    }

    /// Counts an event for a target. Refuses it with 429 and the seconds to wait if the limit is reached.
    /// Concurrent events do not exceed the limit.
    public void check(Project project, String name, String target) {
        Window window = window(project, name);
        String digest = digest(name, target);
        boolean counted = database.write("""
                        INSERT INTO counters (project_id, target, window_start, count)
                        VALUES (:projectId, :target, :start, 1)
                        ON CONFLICT (project_id, target) DO UPDATE SET
                            count = CASE WHEN counters.window_start <= :over THEN 1 ELSE counters.count + 1 END,
                            window_start = CASE WHEN counters.window_start > EXCLUDED.window_start THEN counters.window_start
                                                ELSE EXCLUDED.window_start END
                        WHERE counters.window_start <= :over OR counters.count < :calls
                        RETURNING count""")
                .bind("projectId", project.id())
                .bind("target", digest)
                .bind("start", window.start)
                .bind("over", window.over)
                .bind("calls", window.calls)
                .exists();
        if (!counted) {
            throw ApiError.overLimit(
                    "rate_limits.targets." + name,
                    plural(window.calls, "call") + " in " + plural(window.length / Times.SECOND_MILLIS, "second"),
                    secondsToWait(project, digest, window));
        }
    }

    /// Runs an attempt that can be a guess. Counts it first, so that concurrent attempts do not exceed the
    /// limit. Reverts the count unless the attempt is refused with `wrong`; a fault does not reveal whether the
    /// guess is correct. Must not run in a transaction, because a rollback would lose the count.
    ///
    /// @throws ApiError what `attempt` throws; `too_many_requests` without running the attempt
    public void countAttempt(Project project, String name, String target, ErrorType wrong, Runnable attempt) {
        check(project, name, target);
        boolean guessedWrong = false;
        try {
            attempt.run();
        } catch (ApiError refused) {
            guessedWrong = refused.type() == wrong;
            throw refused;
        } finally {
            if (!guessedWrong) {
                decrement(project, name, target);
            }
        }
    }

    /// Runs an attempt that can be a guess in the running transaction, and counts it. A success deletes the
    /// count, so use it for secrets that only their owner can guess. The caller decides about a refused
    /// attempt: a rollback also reverts the count.
    ///
    /// @throws ApiError what `attempt` throws; `too_many_requests` without running the attempt
    public <T> T countUntilSuccess(Project project, String name, String target, Supplier<T> attempt) {
        check(project, name, target);
        T result = attempt.get();
        database.write("DELETE FROM counters WHERE project_id = :projectId AND target = :target")
                .bind("projectId", project.id())
                .bind("target", digest(name, target))
                .update();
        return result;
    }

    /// Deletes at most `rows` counters whose window started more than 1 day ago. Returns the number of deleted
    /// rows. A counter that is updated meanwhile is kept.
    public int sweep(int rows) {
        return database.write("""
                        DELETE FROM counters WHERE window_start < :limit AND (project_id, target) IN (
                            SELECT project_id, target FROM counters WHERE window_start < :limit ORDER BY window_start LIMIT :rows)""")
                .bind("limit", clockAndRandom.millis() - Times.DAY_MILLIS)
                .bind("rows", rows)
                .update();
    }

    private void decrement(Project project, String name, String target) {
        database.write("""
                        UPDATE counters SET count = count - 1 WHERE project_id = :projectId AND target = :target AND count > 0""")
                .bind("projectId", project.id())
                .bind("target", digest(name, target))
                .update();
    }

    private long secondsToWait(Project project, String digest, Window window) {
        long start = database.read("""
                        SELECT window_start FROM counters WHERE project_id = :projectId AND target = :target""")
                .bind("projectId", project.id())
                .bind("target", digest)
                .first(row -> row.number("window_start"))
                .orElse(window.start);
        return (start + window.length - clockAndRandom.millis() + 999) / Times.SECOND_MILLIS;
    }

    /// The current window.
    ///
    /// @param start  start of a window that begins with this event, in milliseconds
    /// @param over   a window that started at this time or earlier has ended, in milliseconds
    /// @param length in milliseconds
    private record Window(long start, long over, long length, int calls) {}

    private Window window(Project project, String name) {
        Kind kind = Objects.requireNonNull(KINDS.get(name), name);
        Limit limit = project.settings().rateLimits().targets().getOrDefault(name, kind.usual);
        long now = clockAndRandom.millis();
        long length = limit.seconds() * Times.SECOND_MILLIS;
        long start = kind.onClock ? now - now % length : now;
        return new Window(start, kind.onClock ? start - 1 : now - length, length, limit.calls());
    }

    private static String plural(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static String digest(String name, String target) {
        return Tokens.encode(Tokens.hash(name + ":" + target));
    }
}
