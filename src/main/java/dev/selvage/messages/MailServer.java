package dev.selvage.messages;

import dev.selvage.projects.Project;
import dev.selvage.projects.Settings;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;

/// Sends emails through the operator's SMTP server. Keeps connections open while messages are due. Thread-safe.
final class MailServer implements MessageTransport {

    private static final int CONNECT_MILLIS_MAX = 10_000;
    private static final int READ_MILLIS_MAX = 30_000;
    private static final int WRITE_MILLIS_MAX = 30_000;

    private final Smtp server;
    private final Session session;
    private final Deque<SmtpConnection> idle = new ConcurrentLinkedDeque<>();

    /// @param sockets creates TLS connections and verifies the server's certificate
    /// @throws IllegalArgumentException if `security` is none of `none`, `starttls`, `tls`
    MailServer(Smtp server, SSLSocketFactory sockets) {
        this.server = server;
        Properties properties = new Properties();
        properties.put("mail.transport.protocol", "smtp");
        properties.put("mail.smtp.host", server.host());
        properties.put("mail.smtp.port", Integer.toString(server.port()));
        properties.put("mail.smtp.auth", Boolean.toString(server.user().isPresent()));
        properties.put("mail.smtp.connectiontimeout", Integer.toString(CONNECT_MILLIS_MAX));
        properties.put("mail.smtp.timeout", Integer.toString(READ_MILLIS_MAX));
        properties.put("mail.smtp.writetimeout", Integer.toString(WRITE_MILLIS_MAX));
        properties.put("mail.smtp.quitwait", "false");
        properties.put("mail.smtp.localhost", server.helo());
        properties.put("mail.smtp.ssl.socketFactory", sockets);
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        switch (server.security()) {
            case "none" -> {}
            case "starttls" -> {
                properties.put("mail.smtp.starttls.enable", "true");
                // Otherwise, an attacker on the network could remove the offer from the greeting, and the
                // message would be sent unencrypted.
                properties.put("mail.smtp.starttls.required", "true");
            }
            case "tls" -> properties.put("mail.smtp.ssl.enable", "true");
            default -> throw new IllegalArgumentException("SMTP security must be none, starttls or tls");
        }
        this.session = Session.getInstance(properties);
    }

    @Override
    public Channel channel() {
        return Channel.EMAIL;
    }

    /// Sends a message. Its `Message-ID` is derived from its id. If a node dies between sending and recording
    /// that, the message is sent twice, and a mailbox can recognise the duplicate.
    @Override
    public Outcome send(Project project, MessageStore.Stored row, RenderedMessage message) {
        SmtpConnection connection = idle();
        try {
            if (!connection.isConnected()) {
                connection.reset();
                connection.connect(
                        server.host(),
                        server.port(),
                        server.user().orElse(null),
                        server.password().orElse(null));
            }
            connection.reset();
            MimeMessage mail = compose(project, row, message);
            connection.sendMessage(mail, mail.getAllRecipients());
            idle.push(connection);
            return new Outcome.Accepted();
        } catch (MessagingException failed) {
            Optional<SmtpConnection.Refusal> refusal = connection.refusal();
            close(connection);
            String reason = reason(failed, refusal, message);
            return refusal.isPresent() && refusal.get().permanent()
                    ? new Outcome.Refused(reason)
                    : new Outcome.Failed(reason);
        }
    }

    @Override
    public void closeIdle() {
        for (SmtpConnection connection = idle.poll(); connection != null; connection = idle.poll()) {
            close(connection);
        }
    }

    /// Returns an idle connection that is still open, or a new one that is not connected yet.
    private SmtpConnection idle() {
        for (SmtpConnection connection = idle.poll(); connection != null; connection = idle.poll()) {
            // isConnected sends a command (NOOP or RSET) to the server.
            if (connection.isConnected()) {
                return connection;
            }
            close(connection);
        }
        return new SmtpConnection(session);
    }

    private MimeMessage compose(Project project, MessageStore.Stored row, RenderedMessage message)
            throws MessagingException {
        Settings.Mail settings = project.settings().mail();
        InternetAddress from =
                new InternetAddress(settings.fromAddress() == null ? server.from() : settings.fromAddress());
        if (settings.fromName() != null || from.getPersonal() == null) {
            name(from, settings.fromName() == null ? project.name() : settings.fromName());
        }
        MimeMessage mail = new MimeMessageWithId(session, "<" + row.messageId() + "@" + domain(from) + ">");
        mail.setFrom(from);
        if (settings.replyTo() != null) {
            mail.setReplyTo(InternetAddress.parse(settings.replyTo()));
        }
        mail.setRecipient(jakarta.mail.Message.RecipientType.TO, new InternetAddress(message.to()));
        mail.setSubject(message.subject(), StandardCharsets.UTF_8.name());
        mail.setSentDate(new Date(row.createdAt()));
        // RFC 3834: prevents automatic replies.
        mail.setHeader("Auto-Submitted", "auto-generated");
        mail.setHeader("Content-Language", message.language());
        mail.setContent(new MimeMultipart(
                "alternative", part(message.text(), "plain"), part(Objects.requireNonNull(message.html()), "html")));
        mail.saveChanges();
        return mail;
    }

    private static MimeBodyPart part(String text, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text, StandardCharsets.UTF_8.name(), subtype);
        // Links can be longer than a line of SMTP.
        part.setHeader("Content-Transfer-Encoding", "quoted-printable");
        return part;
    }

    private static void name(InternetAddress address, String name) throws MessagingException {
        try {
            address.setPersonal(name.replaceAll("\\p{Cntrl}+", " ").strip(), StandardCharsets.UTF_8.name());
        } catch (UnsupportedEncodingException impossible) {
            throw new MessagingException("UTF-8", impossible);
        }
    }

    private static String domain(InternetAddress address) throws AddressException {
        int at = address.getAddress().lastIndexOf('@');
        if (at < 0) {
            throw new AddressException("The sender's address has no domain");
        }
        return address.getAddress().substring(at + 1);
    }

    /// Describes a failure: with the reply of the server if it sent one, otherwise with the exception of the
    /// connection.
    private String reason(
            MessagingException failed, Optional<SmtpConnection.Refusal> refusal, RenderedMessage message) {
        if (refusal.isPresent()) {
            SmtpConnection.Refusal refused = refusal.get();
            return refused.command() + ": " + refused.code() + " "
                    + SmtpReply.redact(refused.text(), secrets(message), message.to());
        }
        return failed instanceof SendFailedException || failed.getMessage() == null
                ? failed.getClass().getSimpleName() + causes(failed)
                : "no connection: " + SmtpReply.redact(failed.getMessage(), secrets(message), message.to())
                        + causes(failed);
    }

    /// The values that a reply of the server can repeat and that no log may contain.
    private List<String> secrets(RenderedMessage message) {
        return Stream.of(
                        message.link(),
                        message.token(),
                        message.code(),
                        server.user().orElse(null),
                        server.password().orElse(null))
                .filter(secret -> secret != null && !secret.isEmpty())
                .toList();
    }

    private static String causes(MessagingException failed) {
        StringBuilder causes = new StringBuilder();
        for (Exception cause = failed.getNextException();
                cause != null;
                cause = cause instanceof MessagingException messaging ? messaging.getNextException() : null) {
            causes.append(" of ").append(cause.getClass().getSimpleName());
        }
        return causes.toString();
    }

    private static void close(SmtpConnection connection) {
        try {
            connection.close();
        } catch (MessagingException gone) {
            // A broken connection needs no close.
        }
    }

    /// An email whose `Message-ID` is given.
    private static final class MimeMessageWithId extends MimeMessage {

        private final String id;

        MimeMessageWithId(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
