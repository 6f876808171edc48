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
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import dev.selvage.projects.SealedTable;
import dev.selvage.projects.Vault;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Messages on their way out, and the developer inbox. A message is a row, sealed under the master key, so that
/// it stands or falls with the transaction that asks for it and survives a restart; [MessageSender] delivers
/// it.
public final class Outbox {

    /// How long a message stays for the inbox, and how long a failed one is remembered.
    public static final long RETENTION_MILLIS = 7 * Times.DAY_MILLIS;

    /// How many messages the inbox shows.
    public static final int INBOX_MAX = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final MessageStore store;
    private final Vault vault;
    private final ClockAndRandom clock;
    private final Set<Channel> delivered;
    private final Map<Channel, Semaphore> queued = new EnumMap<>(Channel.class);

    /// @param delivered the channels that have somebody to hand messages to; those of others go to the inbox
    ///         only
    public Outbox(Database database, Vault vault, ClockAndRandom clock, Set<Channel> delivered) {
        this.store = new MessageStore(database);
        this.vault = vault;
        this.clock = clock;
        this.delivered = Set.copyOf(delivered);
        for (Channel channel : Channel.values()) {
            queued.put(channel, new Semaphore(0));
        }
    }

    /// A message as the inbox shows it: the element of `messages` on the wire, to the letter.
    ///
    /// @param channel       `email`, `sms` or `whatsapp`
    /// @param subject       null in text messages, as is `html`
    /// @param link          null in messages that hold a code, as is `token`
    /// @param code          a one-time passcode; null in messages that hold a link
    /// @param createdAt     RFC 3339
    /// @param deliveryError why the last attempt to deliver it failed; absent when none did
    public record Received(
            String id,
            String channel,
            String to,
            String subject,
            String text,
            String html,
            String link,
            String token,
            String code,
            @JsonProperty("created_at") String createdAt,

            @JsonProperty("delivery_error") @JsonInclude(JsonInclude.Include.NON_NULL)
            String deliveryError) {

        /// Without what lets its reader in.
        @Override
        public String toString() {
            return "Received[" + id + "]";
        }
    }

    /// Writes a message down, as a part of the transaction that is under way if there is one. Delivery begins
    /// when that has committed. Limits per address and number are the caller's to check.
    ///
    /// @throws ApiError `email_template_not_found` when the message names texts that the project does not have
    public void enqueue(Project project, Message message) {
        long now = clock.millis();
        Channel channel = message.channel();
        String id = Ids.MESSAGE.next(clock, project.environment());
        RenderedMessage letter = RenderedMessage.write(project, message, now);
        MessageStore.Stored row = new MessageStore.Stored(
                project.id(), id, channel, vault.seal(Json.write(letter), purpose(project.id(), id)), now, 0, null);
        if (delivered.contains(channel)) {
            store.insert(row, message.to(), MessageStore.State.QUEUED, now, () -> wake(channel));
        } else if (project.settings().inboxIn(project.environment())) {
            store.insert(row, message.to(), MessageStore.State.INBOX, null, () -> {});
        } else {
            // It waits: a server for its channel may be set before its link or code runs out.
            store.insert(row, message.to(), MessageStore.State.QUEUED, now, () -> LOG.atWarn()
                    .addKeyValue("message", id)
                    .addKeyValue("project", project.id())
                    .addKeyValue("channel", channel.wireValue())
                    .log("message waits: nobody to hand it to is set"));
        }
    }

    /// The newest messages of a project, newest first, at most [#INBOX_MAX]; only those to an address or number
    /// when one is given.
    ///
    /// @throws ApiError `bad_request` when the project keeps no inbox
    public List<Received> inbox(Project project, Optional<String> to) {
        if (!project.settings().inboxIn(project.environment())) {
            throw ApiError.of(ErrorType.BAD_REQUEST, "This project keeps no inbox: its setting inbox is off.");
        }
        Optional<String> stored =
                to.map(address -> Domains.inAddress(address.strip()).toLowerCase(Locale.ROOT));
        return store.newest(project.id(), stored, INBOX_MAX).stream()
                .map(this::received)
                .toList();
    }

    /// Removes at most `rows` messages whose time is over; answers how many.
    public int sweep(int rows) {
        return store.sweep(clock.millis() - RETENTION_MILLIS, rows);
    }

    /// What becomes of messages when the master key is replaced.
    public SealedTable sealed() {
        return SealedTable.ofText("messages", List.of("project_id", "message_id"), "sealed", List.of(), vault);
    }

    /// The store of the queue, for [MessageSender].
    MessageStore store() {
        return store;
    }

    /// Waits until a message of a channel is enqueued on this node, but not longer than given.
    void awaitQueued(Channel channel, long millis) throws InterruptedException {
        if (queued.get(channel).tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            queued.get(channel).drainPermits();
        }
    }

    /// Ends a wait that is under way.
    void wake(Channel channel) {
        if (queued.get(channel).availablePermits() == 0) {
            queued.get(channel).release();
        }
    }

    private Received received(MessageStore.Stored row) {
        RenderedMessage letter = open(row);
        return new Received(
                row.messageId(),
                row.channel().wireValue(),
                letter.to(),
                letter.subject(),
                letter.text(),
                letter.html(),
                letter.link(),
                letter.token(),
                letter.code(),
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
