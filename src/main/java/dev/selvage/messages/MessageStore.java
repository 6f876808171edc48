package dev.selvage.messages;

import dev.selvage.db.Database;
import dev.selvage.db.Row;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The table `messages`.
final class MessageStore {

    /// The state of a message.
    enum State {
        /// Waits for its next attempt at `next_attempt_at`. During a delivery, that is the expiry of the lease.
        QUEUED,
        /// Accepted by the receiver.
        SENT,
        /// Not delivered, without a further attempt.
        FAILED,
        /// For the developer inbox only.
        INBOX
    }

    /// A row with its sealed content.
    ///
    /// @param attempts      number of started deliveries, which also identifies the lease
    /// @param deliveryError reason why the last attempt failed; null for none
    record Stored(
            String projectId,
            String messageId,
            Channel channel,
            String sealed,
            long createdAt,
            int attempts,
            @Nullable String deliveryError) {}

    private static final String COLUMNS =
            "project_id, message_id, channel, sealed, created_at, attempts, delivery_error";

    private final Database database;

    MessageStore(Database database) {
        this.database = database;
    }

    /// Inserts a message and runs `queued` after the commit.
    void insert(Stored row, String recipient, State state, @Nullable Long nextAttemptAt, Runnable queued) {
        database.transaction(() -> {
            database.write("""
                            INSERT INTO messages (project_id, message_id, channel, recipient, sealed, created_at, state,
                                                  attempts, next_attempt_at)
                            VALUES (:projectId, :messageId, :channel, :recipient, :sealed, :createdAt, :state,
                                    :attempts, :nextAttemptAt)""")
                    .bind("projectId", row.projectId())
                    .bind("messageId", row.messageId())
                    .bind("channel", row.channel().wireValue())
                    .bind("recipient", recipient)
                    .bind("sealed", row.sealed())
                    .bind("createdAt", row.createdAt())
                    .bind("state", state.name())
                    .bind("attempts", row.attempts())
                    .bind("nextAttemptAt", nextAttemptAt)
                    .update();
            database.afterCommit(queued);
        });
    }

    /// Claims the message of a channel that has been due the longest, until the lease expires. The claim is one
    /// statement, so two nodes never hold the same message.
    Optional<Stored> claim(Channel channel, long now, long leaseUntil) {
        return database.write("""
                        UPDATE messages SET attempts = attempts + 1, next_attempt_at = :leaseUntil
                        WHERE (project_id, message_id) = (SELECT project_id, message_id FROM messages
                                                          WHERE channel = :channel AND next_attempt_at <= :now
                                                          ORDER BY next_attempt_at LIMIT 1)
                          AND next_attempt_at <= :now
                        RETURNING %s""".formatted(COLUMNS))
                .bind("channel", channel.wireValue())
                .bind("now", now)
                .bind("leaseUntil", leaseUntil)
                .first(MessageStore::read);
    }

    /// Whether a message of a channel is due.
    boolean anyDue(Channel channel, long now) {
        return database.read("SELECT 1 FROM messages WHERE channel = :channel AND next_attempt_at <= :now LIMIT 1")
                .bind("channel", channel.wireValue())
                .bind("now", now)
                .exists();
    }

    /// Postpones a claimed message to the time `at`, in milliseconds.
    ///
    /// @param error reason why the attempt failed
    void postpone(Stored claimed, long at, String error) {
        settle(
                "UPDATE messages SET next_attempt_at = :at, delivery_error = :error",
                claimed,
                Map.of("at", at, "error", error));
    }

    /// Marks a claimed message as sent and keeps its content.
    void sent(Stored claimed) {
        settle(
                "UPDATE messages SET state = :state, next_attempt_at = NULL, delivery_error = NULL",
                claimed,
                Map.of("state", State.SENT.name()));
    }

    /// Marks a claimed message as failed.
    ///
    /// @param kept  whether the content is kept; otherwise content and recipient are deleted
    /// @param error reason why the last attempt failed
    void failed(Stored claimed, boolean kept, String error) {
        settle(
                "UPDATE messages SET state = :state, next_attempt_at = NULL, delivery_error = :error"
                        + (kept ? "" : ", sealed = '', recipient = ''"),
                claimed,
                Map.of("state", State.FAILED.name(), "error", error));
    }

    /// Deletes a claimed message.
    void remove(Stored claimed) {
        settle("DELETE FROM messages", claimed, Map.of());
    }

    /// Changes a claimed message. Does nothing if the lease expired and another node claimed the message: each
    /// claim increments `attempts`.
    private void settle(String change, Stored claimed, Map<String, ?> values) {
        database.write("""
                        %s
                        WHERE project_id = :projectId AND message_id = :messageId
                          AND attempts = :attempts AND next_attempt_at IS NOT NULL""".formatted(change))
                .bind("projectId", claimed.projectId())
                .bind("messageId", claimed.messageId())
                .bind("attempts", claimed.attempts())
                .bind(values)
                .update();
    }

    /// Returns the newest messages of a project, to one recipient or to all.
    List<Stored> newest(String projectId, Optional<String> recipient, int count) {
        return database.read("""
                        SELECT %s FROM messages
                        WHERE project_id = :projectId AND sealed <> ''%s
                        ORDER BY created_at DESC, message_id DESC LIMIT :count""".formatted(COLUMNS, recipient.isPresent() ? " AND recipient = :recipient" : ""))
                .bind("projectId", projectId)
                .bind("count", count)
                .bind(recipient.map(address -> Map.of("recipient", address)).orElse(Map.of()))
                .all(MessageStore::read);
    }

    /// Deletes at most `count` messages that were created before `limit`, in milliseconds. Returns the number
    /// of deleted rows.
    int sweep(long limit, int count) {
        return database.write("""
                        DELETE FROM messages WHERE (project_id, message_id) IN (
                            SELECT project_id, message_id FROM messages WHERE created_at < :limit
                            ORDER BY created_at LIMIT :count)""").bind("limit", limit).bind("count", count).update();
    }

    private static Stored read(Row row) {
        return new Stored(
                row.text("project_id"),
                row.text("message_id"),
                Channel.of(row.text("channel")),
                row.text("sealed"),
                row.number("created_at"),
                row.integer("attempts"),
                row.textOrNull("delivery_error"));
    }
}
