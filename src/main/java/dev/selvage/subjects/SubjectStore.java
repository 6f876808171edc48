package dev.selvage.subjects;

import dev.selvage.base.CallLog;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.ShardKey;
import dev.selvage.base.Times;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.error.UserErrors;
import dev.selvage.projects.Project;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The table `subjects`: the row behind each user and each member, on which all that is theirs hangs, and which
/// locks it after too many failures in a row (`semantics.md` 10). Counted in the store, so that it holds across
/// nodes.
public final class SubjectStore {

    private final Database database;
    private final ClockAndRandom clock;

    public SubjectStore(Database database, ClockAndRandom clock) {
        this.database = database;
        this.clock = clock;
    }

    /// That a subject is locked.
    ///
    /// @param createdAt milliseconds
    /// @param expiresAt milliseconds
    public record Lock(long createdAt, long expiresAt) {}

    /// Failed attempts of a subject to sign in.
    ///
    /// @param lock  null unless they have locked the subject
    /// @param count since the last success
    public record Failures(@Nullable Lock lock, int count) {

        /// None.
        public static final Failures NONE = new Failures(null, 0);
    }

    /// Adds the row of a new user or member, in the transaction that adds the latter.
    public void insert(String projectId, String subjectId) {
        database.write("""
                        INSERT INTO subjects (project_id, shard_key, subject_id, failed_attempts)
                        VALUES (:projectId, :shardKey, :id, 0)""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("id", subjectId)
                .update();
    }

    /// As [#insert], also when there is one already: for a subject that is made when it is first needed.
    public void ensure(String projectId, String subjectId) {
        database.write("""
                        INSERT INTO subjects (project_id, shard_key, subject_id, failed_attempts)
                        VALUES (:projectId, :shardKey, :id, 0)
                        ON CONFLICT DO NOTHING""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("id", subjectId)
                .update();
    }

    /// Makes every other change to this subject wait until the transaction under way ends; false when there is
    /// none. What is read of it afterwards stays true until then.
    public boolean hold(String projectId, String subjectId) {
        return database.write("""
                        UPDATE subjects SET failed_attempts = failed_attempts
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :id""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(subjectId))
                        .bind("id", subjectId)
                        .update()
                == 1;
    }

    /// Deletes a subject and all that hangs on it; false when there is none.
    public boolean delete(String projectId, String subjectId) {
        return database.write("""
                        DELETE FROM subjects WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :id""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(subjectId))
                        .bind("id", subjectId)
                        .update()
                == 1;
    }

    /// From now on the subject's password, if there is one, is of no use until it is reset. Answers whether
    /// there was one.
    public boolean requireReset(String projectId, String subjectId) {
        return database.write("""
                        UPDATE passwords SET requires_reset = TRUE
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :id""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(subjectId))
                        .bind("id", subjectId)
                        .update()
                == 1;
    }

    /// Takes the subject's password, if there is one. Answers whether there was one.
    public boolean deletePassword(String projectId, String subjectId) {
        return database.write("""
                        DELETE FROM passwords WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :id""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(subjectId))
                        .bind("id", subjectId)
                        .update()
                == 1;
    }

    /// Takes the subject's authenticator app, if there is one, with its recovery codes.
    ///
    /// @param imported whether also one that another service registered and that was never used here
    public void deleteTotp(String projectId, String subjectId, boolean imported) {
        database.write("""
                        DELETE FROM totps
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :id
                          AND (:imported OR verified = FALSE OR last_step > 0)""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("id", subjectId)
                .bind("imported", imported)
                .update();
    }

    /// Refuses whom too many failures have locked.
    ///
    /// @param lock null for none
    /// @throws ApiError `user_lock_limit_reached` with the time until the lock ends
    public void checkNotLocked(Lock lock) {
        if (lock != null) {
            throw locked(lock.expiresAt());
        }
    }

    /// As [#checkNotLocked(Lock)], of a subject of which nothing was read yet.
    public void checkNotLocked(Project project, String subjectId) {
        throwIfLocked(project.id(), subjectId, clock.millis());
    }

    /// Whether there is such a subject.
    public boolean exists(Project project, String subjectId) {
        return database.read("""
                        SELECT 1 FROM subjects
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :id""")
                .bind("projectId", project.id())
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("id", subjectId)
                .exists();
    }

    /// A failure: counted, and the subject locked when there are too many in a row. Of many failures at once,
    /// those behind the one that locks are refused as any later attempt is, so that guessing in parallel does
    /// not give more guesses.
    ///
    /// @throws ApiError `user_lock_limit_reached` when the subject was locked meanwhile
    public void failed(Project project, String subjectId) {
        CallLog.subject(subjectId);
        long now = clock.millis();
        var lock = project.settings().userLock();
        boolean counted = database.write("""
                        UPDATE subjects SET
                            lock_created_at = CASE WHEN failed_attempts + 1 >= :threshold THEN :now ELSE lock_created_at END,
                            lock_expires_at = CASE WHEN failed_attempts + 1 >= :threshold THEN :until ELSE lock_expires_at END,
                            failed_attempts = CASE WHEN failed_attempts + 1 >= :threshold THEN 0 ELSE failed_attempts + 1 END
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :id
                          AND (lock_expires_at IS NULL OR lock_expires_at <= :now)""")
                        .bind("projectId", project.id())
                        .bind("shardKey", ShardKey.of(subjectId))
                        .bind("id", subjectId)
                        .bind("threshold", lock.threshold())
                        .bind("now", now)
                        .bind("until", now + lock.minutes() * Times.MINUTE_MILLIS)
                        .update()
                == 1;
        if (!counted) {
            throwIfLocked(project.id(), subjectId, now);
        }
    }

    /// Makes an attempt that can be a guess: one that is refused with `wrong` is counted as a failure.
    ///
    /// @throws ApiError what `attempt` throws; `user_lock_limit_reached` when the subject was locked meanwhile
    public <T> T counted(Project project, String subjectId, ErrorType wrong, Supplier<T> attempt) {
        CallLog.subject(subjectId);
        try {
            return attempt.get();
        } catch (ApiError refused) {
            if (refused.type() == wrong) {
                failed(project, subjectId);
            }
            throw refused;
        }
    }

    /// A success: the failures before it are forgotten.
    public void succeeded(String projectId, String subjectId) {
        database.write("""
                        UPDATE subjects SET failed_attempts = 0
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :id""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("id", subjectId)
                .update();
    }

    private void throwIfLocked(String projectId, String subjectId, long now) {
        database.read("""
                        SELECT lock_expires_at FROM subjects
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :id AND lock_expires_at > :now""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("id", subjectId)
                .bind("now", now)
                .first(row -> row.number("lock_expires_at"))
                .ifPresent(until -> {
                    throw locked(until);
                });
    }

    private ApiError locked(long until) {
        return ApiError.tooMany(UserErrors.USER_LOCK_LIMIT_REACHED, (until - clock.millis()) / Times.SECOND_MILLIS + 1);
    }
}
