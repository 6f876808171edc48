package dev.selvage.messages;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.projects.Projects;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocketFactory;

/// Everybody that messages can be handed to, and what does so in the background, one [MessageSender] for each
/// channel.
public final class MessageDelivery implements AutoCloseable {

    private final List<MessageTransport> carriers = new ArrayList<>();
    private final List<MessageSender> senders = new ArrayList<>();

    /// @param smtp    the mail server; empty: no mail
    /// @param sms     the provider of text messages; empty: none
    /// @param sockets makes connections to the mail server over TLS, and decides whom to trust; asked for when
    ///         there is one
    public MessageDelivery(Optional<Smtp> smtp, Optional<Sms> sms, Supplier<SSLSocketFactory> sockets) {
        smtp.ifPresent(server -> carriers.add(new MailServer(server, sockets.get())));
        sms.ifPresent(provider -> {
            provider.from()
                    .ifPresent(
                            from -> carriers.add(new TextProvider(Channel.SMS, provider, from, TextProvider.TIME_MAX)));
            provider.whatsappFrom()
                    .ifPresent(from ->
                            carriers.add(new TextProvider(Channel.WHATSAPP, provider, from, TextProvider.TIME_MAX)));
        });
    }

    /// The channels that have somebody to hand messages to.
    public Set<Channel> channels() {
        return carriers.stream().map(MessageTransport::channel).collect(Collectors.toUnmodifiableSet());
    }

    /// Delivers from now on; begins with what waited before the start.
    public void start(Outbox outbox, Projects projects, ClockAndRandom clock) {
        for (MessageTransport carrier : carriers) {
            MessageSender sender = new MessageSender(outbox, projects, clock, carrier, MessageSender.Pace.DEFAULT);
            senders.add(sender);
            sender.start();
        }
    }

    /// Lets the deliveries that are under way end, on all channels at once.
    @Override
    public void close() {
        try (ExecutorService closing = Executors.newVirtualThreadPerTaskExecutor()) {
            senders.forEach(sender -> closing.execute(sender::close));
        }
    }
}
