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

/// The table `subjects`: one row for each user, member and shared email address. The rows of users, members,
/// passwords and authenticator apps refer to it. Its row lock orders concurrent changes of one subject. It
/// counts failed attempts and locks the subject out after too many in a row (`semantics.md` 10); the count is
/// in the store, so it applies across nodes.
public final class SubjectStore {

    private final Database database;
    private final ClockAndRandom clock;

    public SubjectStore(Database database, ClockAndRandom clock) {
        this.database = database;
        this.clock = clock;
    }

    /// A lockout of a subject.
    ///
    /// @param createdAt milliseconds
    /// @param expiresAt milliseconds
    public record Lock(long createdAt, long expiresAt) {}

    /// The failed sign-in attempts of a subject.
    ///
    /// @param lock  the current lockout; null for none
    /// @param count the number since the last success or lockout
    public record Failures(@Nullable Lock lock, int count) {

        /// No failures.
        public static final Failures NONE = new Failures(null, 0);
    }

    /// Inserts the row of a new user or member, in the transaction that inserts the user or member.
    public void insert(String projectId, String subjectId) {
        database.write("""
                        INSERT INTO subjects (project_id, shard_key, subject_id, failed_attempts)
                        VALUES (:projectId, :shardKey, :id, 0)""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("id", subjectId)
                .update();
    }

    /// As [#insert], but keeps an existing row: for a subject that is created when it is first needed.
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

    /// Locks the row until the current transaction ends, so that other changes of the subject wait. Data of the
    /// subject that is read afterwards stays current until then. Returns false if the subject does not exist.
    public boolean lockRow(String projectId, String subjectId) {
        return database.write("""
                        UPDATE subjects SET failed_attempts = failed_attempts
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :id""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(subjectId))
                        .bind("id", subjectId)
                        .update()
                == 1;
    }

    /// Deletes a subject with the rows that refer to it. Returns false if it does not exist.
    public boolean delete(String projectId, String subjectId) {
        return database.write("""
                        DELETE FROM subjects WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :id""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(subjectId))
                        .bind("id", subjectId)
                        .update()
                == 1;
    }

    /// Requires a reset of the subject's password, which is refused until then. Returns whether the subject has
    /// a password.
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

    /// Deletes the subject's password. Returns whether the subject had one.
    public boolean deletePassword(String projectId, String subjectId) {
        return database.write("""
                        DELETE FROM passwords WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :id""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(subjectId))
                        .bind("id", subjectId)
                        .update()
                == 1;
    }

    /// Deletes the subject's authenticator app, if it has one, with its recovery codes.
    ///
    /// @param imported whether an imported app that was never used here is deleted too
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

    /// Refuses a locked-out subject.
    ///
    /// @param lock null for none
    /// @throws ApiError `user_lock_limit_reached` with the time until the lockout expires
    public void checkNotLocked(@Nullable Lock lock) {
        if (lock != null) {
            throw lockedOut(lock.expiresAt());
        }
    }

    /// As [#checkNotLocked(Lock)], for a subject that was not read yet.
    public void checkNotLocked(Project project, String subjectId) {
        throwIfLocked(project.id(), subjectId, clock.millis());
    }

    /// Whether the subject exists.
    public boolean exists(Project project, String subjectId) {
        return database.read("""
                        SELECT 1 FROM subjects
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :id""")
                .bind("projectId", project.id())
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("id", subjectId)
                .exists();
    }

    /// Counts a failure, and locks the subject out after too many in a row. Of concurrent failures, those after
    /// the one that locks out are refused as later attempts are, so that parallel guesses do not give more
    /// guesses.
    ///
    /// @throws ApiError `user_lock_limit_reached` if the subject was locked out meanwhile
    public void recordFailure(Project project, String subjectId) {
        CallLog.subject(subjectId);
        long now = clock.millis();
        var lock = project.settings().userLock();
        boolean recorded = database.write("""
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
        if (!recorded) {
            throwIfLocked(project.id(), subjectId, now);
        }
    }

    /// Runs an attempt that can be a guess, and counts a failure if it is refused with `failure`.
    ///
    /// @throws ApiError those of `attempt`; `user_lock_limit_reached` if the subject was locked out meanwhile
    public <T> T countFailures(Project project, String subjectId, ErrorType failure, Supplier<T> attempt) {
        CallLog.subject(subjectId);
        try {
            return attempt.get();
        } catch (ApiError refused) {
            if (refused.type() == failure) {
                recordFailure(project, subjectId);
            }
            throw refused;
        }
    }

    /// Records a success: resets the count of failures.
    public void recordSuccess(String projectId, String subjectId) {
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
                    throw lockedOut(until);
                });
    }

    private ApiError lockedOut(long until) {
        return ApiError.tooMany(UserErrors.USER_LOCK_LIMIT_REACHED, (until - clock.millis()) / Times.SECOND_MILLIS + 1);
    }
}
