package dev.selvage.messages;

import dev.selvage.db.Database;
import dev.selvage.db.Row;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The table `messages`.
final class MessageStore {

    /// How far a message has come.
    enum State {
        /// Waits for its next attempt at `next_attempt_at`; while a node delivers it, that is when its lease
        /// runs out.
        QUEUED,
        /// Handed over.
        SENT,
        /// Given up.
        FAILED,
        /// For the developer inbox only.
        INBOX
    }

    /// A row, still sealed.
    ///
    /// @param attempts      how many deliveries were begun; also says whose the lease is
    /// @param deliveryError why the last one failed; null when none did
    record Stored(
            String projectId,
            String messageId,
            Channel channel,
            String sealed,
            long createdAt,
            int attempts,
            String deliveryError) {}

    private static final String COLUMNS =
            "project_id, message_id, channel, sealed, created_at, attempts, delivery_error";

    private final Database database;

    MessageStore(Database database) {
        this.database = database;
    }

    /// Writes a message down and runs `queued` once that is durable.
    void insert(Stored row, String recipient, State state, Long nextAttemptAt, Runnable queued) {
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

    /// Takes the message of a channel that has been due the longest, for as long as the lease lasts. One
    /// statement decides, so two nodes never hold the same one.
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

    /// Has a claimed message wait until `at`.
    ///
    /// @param error why the attempt failed
    void postpone(Stored claimed, long at, String error) {
        settle(
                "UPDATE messages SET next_attempt_at = :at, delivery_error = :error",
                claimed,
                Map.of("at", at, "error", error));
    }

    /// Ends the way of a message that was handed over, and keeps what it says.
    void sent(Stored claimed) {
        settle(
                "UPDATE messages SET state = :state, next_attempt_at = NULL, delivery_error = NULL",
                claimed,
                Map.of("state", State.SENT.name()));
    }

    /// Ends the way of a claimed message in failure.
    ///
    /// @param kept  whether what it says stays; otherwise neither that nor to whom it was is remembered
    /// @param error why the last attempt failed
    void failed(Stored claimed, boolean kept, String error) {
        settle(
                "UPDATE messages SET state = :state, next_attempt_at = NULL, delivery_error = :error"
                        + (kept ? "" : ", sealed = '', recipient = ''"),
                claimed,
                Map.of("state", State.FAILED.name(), "error", error));
    }

    /// Removes a claimed message.
    void remove(Stored claimed) {
        settle("DELETE FROM messages", claimed, Map.of());
    }

    /// Changes nothing when the lease ran out and another node claimed the message since: each claim counts up.
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

    /// The newest messages of a project, to one recipient or to all.
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

    /// Removes messages made before `limit`, at most `count`.
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
                row.text("delivery_error"));
    }
}
