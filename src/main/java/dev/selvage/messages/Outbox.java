package dev.selvage.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Domains;
import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.base.Times;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.RequestErrors;
import dev.selvage.projects.Project;
import dev.selvage.projects.SealedTable;
import dev.selvage.projects.Vault;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The queue of outgoing messages, and the developer inbox. A message is a row that is sealed with the master
/// key. It is part of the transaction of its call and survives a restart. [MessageSender] delivers it.
public final class Outbox {

    /// Messages are kept for 7 days, for the inbox and for the reason of a failure.
    public static final long RETENTION_MILLIS = 7 * Times.DAY_MILLIS;

    /// The most messages that the inbox shows.
    public static final int INBOX_MAX = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final MessageStore store;
    private final Vault vault;
    private final ClockAndRandom clock;
    private final Set<Channel> delivered;
    private final Map<Channel, Semaphore> queued = new EnumMap<>(Channel.class);

    /// @param delivered channels with a transport; messages of other channels go to the developer inbox only,
    ///                  or wait in the queue
    public Outbox(Database database, Vault vault, ClockAndRandom clock, Set<Channel> delivered) {
        this.store = new MessageStore(database);
        this.vault = vault;
        this.clock = clock;
        this.delivered = Set.copyOf(delivered);
        for (Channel channel : Channel.values()) {
            queued.put(channel, new Semaphore(0));
        }
    }

    /// A message in the inbox: the element of `messages` in the response, field by field.
    ///
    /// @param channel       `email`, `sms` or `whatsapp`
    /// @param subject       null in text messages, like `html`
    /// @param link          null in messages with a code, like `token`
    /// @param code          a one-time passcode; null in messages with a link
    /// @param createdAt     in RFC 3339 form
    /// @param deliveryError reason why the last attempt failed; the field is absent if none failed
    public record InboxMessage(
            String id,
            String channel,
            String to,
            @Nullable String subject,
            String text,
            @Nullable String html,
            @Nullable String link,
            @Nullable String token,
            @Nullable String code,
            @JsonProperty("created_at") String createdAt,

            @JsonProperty("delivery_error") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String deliveryError) {

        /// Without link, token and code, because they are secrets.
        @Override
        public String toString() {
            return "Received[" + id + "]";
        }
    }

    /// Stores a message as part of the running transaction, if any. Delivery starts after the commit. The
    /// caller checks the limits of the address or number.
    ///
    /// @throws ApiError `email_template_not_found` if the project does not have the template
    public void enqueue(Project project, Message message) {
        long now = clock.millis();
        Channel channel = message.channel();
        String id = Ids.MESSAGE.next(clock, project.environment());
        RenderedMessage rendered = RenderedMessage.write(project, message, now);
        MessageStore.Stored row = new MessageStore.Stored(
                project.id(), id, channel, vault.seal(Json.write(rendered), purpose(project.id(), id)), now, 0, null);
        if (delivered.contains(channel)) {
            store.insert(row, message.to(), MessageStore.State.QUEUED, now, () -> wake(channel));
        } else if (project.settings().inboxIn(project.environment())) {
            store.insert(row, message.to(), MessageStore.State.INBOX, null, () -> {});
        } else {
            // The message waits, because the operator can configure a transport before its link or code
            // expires.
            store.insert(row, message.to(), MessageStore.State.QUEUED, now, () -> LOG.atWarn()
                    .addKeyValue("message", id)
                    .addKeyValue("project", project.id())
                    .addKeyValue("channel", channel.wireValue())
                    .log("message waits: no transport is configured for its channel"));
        }
    }

    /// Returns the newest messages of a project, newest first, at most [#INBOX_MAX].
    ///
    /// @param to email address or phone number that limits the result; empty for all
    /// @throws ApiError `bad_request` if the inbox of the project is off
    public List<InboxMessage> inbox(Project project, Optional<String> to) {
        if (!project.settings().inboxIn(project.environment())) {
            throw ApiError.of(RequestErrors.BAD_REQUEST, "This project keeps no inbox: its setting inbox is off.");
        }
        Optional<String> stored =
                to.map(address -> Domains.inAddress(address.strip()).toLowerCase(Locale.ROOT));
        return store.newest(project.id(), stored, INBOX_MAX).stream()
                .map(this::toInboxMessage)
                .toList();
    }

    /// Deletes at most `rows` messages that were created more than 7 days ago. Returns the number of deleted
    /// rows.
    public int sweep(int rows) {
        return store.sweep(clock.millis() - RETENTION_MILLIS, rows);
    }

    /// Describes what the replacement of the master key does to messages: they are sealed again.
    public SealedTable sealedTable() {
        return SealedTable.ofText("messages", List.of("project_id", "message_id"), "sealed", List.of(), vault);
    }

    /// The table of the queue, for [MessageSender].
    MessageStore store() {
        return store;
    }

    /// Waits until a message of a channel is enqueued on this node, at most `millis`.
    void awaitQueued(Channel channel, long millis) throws InterruptedException {
        Semaphore permits = queued(channel);
        if (permits.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            permits.drainPermits();
        }
    }

    /// Ends a running [#awaitQueued] of a channel, or makes the next one return at once.
    void wake(Channel channel) {
        Semaphore permits = queued(channel);
        if (permits.availablePermits() == 0) {
            permits.release();
        }
    }

    private Semaphore queued(Channel channel) {
        return Objects.requireNonNull(queued.get(channel));
    }

    private InboxMessage toInboxMessage(MessageStore.Stored row) {
        RenderedMessage message = open(row);
        return new InboxMessage(
                row.messageId(),
                row.channel().wireValue(),
                message.to(),
                message.subject(),
                message.text(),
                message.html(),
                message.link(),
                message.token(),
                message.code(),
                Times.rfc3339(row.createdAt()),
                row.deliveryError());
    }

    RenderedMessage open(MessageStore.Stored row) {
        return Json.read(vault.open(row.sealed(), purpose(row.projectId(), row.messageId())), RenderedMessage.class);
    }

    private static String purpose(String projectId, String messageId) {
        return "message " + messageId + " of " + projectId;
    }
}
