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

/// Limits that protect one account: messages to an address or a number, guesses at codes. Counted in the store,
/// so that they hold across nodes, for a project and a target, whatever members and codes come and go. A target
/// is stored as a digest.
public final class TargetLimits {

    /// Email messages to one address.
    public static final String EMAIL_SEND = "email_send";

    /// Text messages, by SMS or WhatsApp, to one phone number.
    public static final String SMS_SEND = "sms_send";

    /// Wrong guesses at the codes of one address, of one phone number, or of one member's authenticator app.
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
    /// @param usual   unless the project says otherwise
    /// @param onClock whether windows begin on the clock (`semantics.md` 13), so that around the change of two
    ///                of them twice as many events fit into the length of one. Otherwise a window is over when
    ///                it was quiet for its whole length, so that no such stretch of time ever holds more events
    private record Kind(Limit usual, boolean onClock) {}

    /// The kinds of events that are counted.
    public static Set<String> names() {
        return KINDS.keySet();
    }

    /// Counts an event of kind `name` for `target`, or refuses with 429 and the time to wait. Of events at once
    /// no more are counted than may be.
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
                    many(window.calls, "call") + " in " + many(window.length / Times.SECOND_MILLIS, "second"),
                    secondsToWait(project, digest, window));
        }
    }

    /// Makes an attempt that can be a guess. It is counted before it is made, so that of attempts at once no
    /// more are made than may be, and given back unless it is refused with `wrong`: a fault tells nobody
    /// whether the guess was right. Must not be called within a transaction: with that, the count would be
    /// forgotten.
    ///
    /// @throws ApiError what `attempt` throws; `too_many_requests`, and then it was not made
    public void counted(Project project, String name, String target, ErrorType wrong, Runnable attempt) {
        check(project, name, target);
        boolean guessedWrong = false;
        try {
            attempt.run();
        } catch (ApiError refused) {
            guessedWrong = refused.type() == wrong;
            throw refused;
        } finally {
            if (!guessedWrong) {
                giveBack(project, name, target);
            }
        }
    }

    /// Makes an attempt that can be a guess, in the transaction that is under way, and counts it. One that
    /// succeeds clears the count: for secrets whose right guess nobody but their holder makes. Of an attempt
    /// that is refused the caller decides: what rolls the transaction back is not counted.
    ///
    /// @throws ApiError what `attempt` throws; `too_many_requests`, and then it was not made
    public <T> T untilRight(Project project, String name, String target, Supplier<T> attempt) {
        check(project, name, target);
        T right = attempt.get();
        database.write("DELETE FROM counters WHERE project_id = :projectId AND target = :target")
                .bind("projectId", project.id())
                .bind("target", digest(name, target))
                .update();
        return right;
    }

    /// Removes at most `rows` counters whose window is long over; answers how many. One that counts anew
    /// meanwhile stays.
    public int sweep(int rows) {
        return database.write("""
                        DELETE FROM counters WHERE window_start < :limit AND (project_id, target) IN (
                            SELECT project_id, target FROM counters WHERE window_start < :limit ORDER BY window_start LIMIT :rows)""")
                .bind("limit", clockAndRandom.millis() - Times.DAY_MILLIS)
                .bind("rows", rows)
                .update();
    }

    private void giveBack(Project project, String name, String target) {
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

    /// The window that is now.
    ///
    /// @param start  of an event that is counted, milliseconds
    /// @param over   one that began then, or before it, is over
    /// @param length milliseconds
    private record Window(long start, long over, long length, int calls) {}

    private Window window(Project project, String name) {
        Kind kind = Objects.requireNonNull(KINDS.get(name), name);
        Limit limit = project.settings().rateLimits().targets().getOrDefault(name, kind.usual);
        long now = clockAndRandom.millis();
        long length = limit.seconds() * Times.SECOND_MILLIS;
        long start = kind.onClock ? now - now % length : now;
        return new Window(start, kind.onClock ? start - 1 : now - length, length, limit.calls());
    }

    private static String many(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static String digest(String name, String target) {
        return Tokens.encode(Tokens.hash(name + ":" + target));
    }
}
