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

/// All configured message transports and their background senders, one [MessageSender] for each channel.
public final class MessageDelivery implements AutoCloseable {

    private final List<MessageTransport> transports = new ArrayList<>();
    private final List<MessageSender> senders = new ArrayList<>();

    /// @param smtp    the mail server; empty for no email
    /// @param sms     the provider of text messages; empty for none
    /// @param sockets creates TLS connections to the mail server and verifies its certificate; called only if a
    ///                mail server is set
    public MessageDelivery(Optional<Smtp> smtp, Optional<Sms> sms, Supplier<SSLSocketFactory> sockets) {
        smtp.ifPresent(server -> transports.add(new MailServer(server, sockets.get())));
        sms.ifPresent(provider -> {
            provider.from()
                    .ifPresent(from ->
                            transports.add(new TextProvider(Channel.SMS, provider, from, TextProvider.TIME_MAX)));
            provider.whatsappFrom()
                    .ifPresent(from ->
                            transports.add(new TextProvider(Channel.WHATSAPP, provider, from, TextProvider.TIME_MAX)));
        });
    }

    /// The channels with a transport.
    public Set<Channel> channels() {
        return transports.stream().map(MessageTransport::channel).collect(Collectors.toUnmodifiableSet());
    }

    /// Starts the senders. They also deliver messages that were queued before the start.
    public void start(Outbox outbox, Projects projects, ClockAndRandom clock) {
        for (MessageTransport transport : transports) {
            MessageSender sender =
                    new MessageSender(outbox, projects, clock, transport, MessageSender.DeliverySchedule.DEFAULT);
            senders.add(sender);
            sender.start();
        }
    }

    /// Waits for running deliveries, on all channels in parallel.
    @Override
    public void close() {
        try (ExecutorService closing = Executors.newVirtualThreadPerTaskExecutor()) {
            senders.forEach(sender -> closing.execute(sender::close));
        }
    }
}
