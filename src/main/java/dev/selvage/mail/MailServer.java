package dev.selvage.mail;

import dev.selvage.projects.Project;
import dev.selvage.projects.Settings;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Deque;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;

/// The operator's SMTP server. Connections are used again for as long as there is something to send. Thread-safe.
final class MailServer implements Carrier {

    private static final int CONNECT_MILLIS_MAX = 10_000;
    private static final int READ_MILLIS_MAX = 30_000;
    private static final int WRITE_MILLIS_MAX = 30_000;

    /// Replies that complain about this server's login rather than about the message (RFC 4954 6, RFC 3207 4): the
    /// operator can set that right while the message waits.
    private static final Set<Integer> LOGIN_REPLIES = Set.of(530, 534, 535, 538);

    private final Smtp server;
    private final Session session;
    private final Deque<Transport> idle = new ConcurrentLinkedDeque<>();

    /// @param sockets makes connections over TLS, and decides whom to trust
    /// @throws IllegalArgumentException when the settings name an unknown kind of security
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
        properties.put("mail.smtp.ssl.socketFactory", sockets);
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        switch (server.security()) {
            case "none" -> { }
            case "starttls" -> {
                properties.put("mail.smtp.starttls.enable", "true");
                // Never in the clear because someone between took the offer out of the server's greeting.
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

    /// Hands a message over. Its `Message-ID` follows from its id, so that a mailbox can tell that it comes twice when a
    /// node dies between handing it over and writing that down.
    @Override
    public Outcome send(Project project, MessageStore.Row row, Letter letter) {
        Transport transport;
        try {
            transport = connection();
        } catch (AuthenticationFailedException refused) {
            return new Outcome.Failed("the mail server refused the user or the password");
        } catch (MessagingException failed) {
            // No recipient is named yet, so what it says may be told.
            return new Outcome.Failed("no connection: " + failed.getMessage() + causes(failed));
        }
        try {
            MimeMessage mail = compose(project, row, letter);
            transport.sendMessage(mail, mail.getAllRecipients());
            idle.push(transport);
            return new Outcome.Taken();
        } catch (MessagingException failed) {
            close(transport);
            int reply = reply(failed);
            return reply >= 500 && !LOGIN_REPLIES.contains(reply)
                    ? new Outcome.Refused("reply " + reply)
                    : new Outcome.Failed(reason(failed, reply));
        }
    }

    @Override
    public void hangUp() {
        for (Transport transport = idle.poll(); transport != null; transport = idle.poll()) {
            close(transport);
        }
    }

    private Transport connection() throws MessagingException {
        for (Transport transport = idle.poll(); transport != null; transport = idle.poll()) {
            // Asks the server.
            if (transport.isConnected()) {
                return transport;
            }
            close(transport);
        }
        Transport transport = session.getTransport();
        // Closes itself when it fails.
        transport.connect(server.host(), server.port(), server.user().orElse(null), server.password().orElse(null));
        return transport;
    }

    private MimeMessage compose(Project project, MessageStore.Row row, Letter letter) throws MessagingException {
        Settings.Mail settings = project.settings().mail();
        InternetAddress from = new InternetAddress(settings.fromAddress() == null ? server.from() : settings.fromAddress());
        if (settings.fromName() != null || from.getPersonal() == null) {
            name(from, settings.fromName() == null ? project.name() : settings.fromName());
        }
        MimeMessage mail = new Identified(session, "<" + row.messageId() + "@" + domain(from) + ">");
        mail.setFrom(from);
        if (settings.replyTo() != null) {
            mail.setReplyTo(InternetAddress.parse(settings.replyTo()));
        }
        mail.setRecipient(jakarta.mail.Message.RecipientType.TO, new InternetAddress(letter.to()));
        mail.setSubject(letter.subject(), StandardCharsets.UTF_8.name());
        mail.setSentDate(new Date(row.createdAt()));
        // RFC 3834: nobody's holiday notice should answer.
        mail.setHeader("Auto-Submitted", "auto-generated");
        mail.setHeader("Content-Language", letter.language());
        mail.setContent(new MimeMultipart("alternative", part(letter.text(), "plain"), part(letter.html(), "html")));
        mail.saveChanges();
        return mail;
    }

    private static MimeBodyPart part(String text, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text, StandardCharsets.UTF_8.name(), subtype);
        // Links may be longer than a line of SMTP may be.
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

    /// The reply code of the server, where there was one; else 0.
    private static int reply(MessagingException failed) {
        for (Exception cause = failed; cause != null;
                cause = cause instanceof MessagingException messaging ? messaging.getNextException() : null) {
            int reply = switch (cause) {
                case SMTPAddressFailedException address -> address.getReturnCode();
                case SMTPSenderFailedException sender -> sender.getReturnCode();
                case SMTPSendFailedException send -> send.getReturnCode();
                default -> 0;
            };
            if (reply > 0) {
                return reply;
            }
        }
        return 0;
    }

    /// What went wrong without the texts of the exceptions, in which the server may name the address.
    private static String reason(MessagingException failed, int reply) {
        return reply > 0 ? "reply " + reply : failed.getClass().getSimpleName() + causes(failed);
    }

    private static String causes(MessagingException failed) {
        StringBuilder causes = new StringBuilder();
        for (Exception cause = failed.getNextException(); cause != null;
                cause = cause instanceof MessagingException messaging ? messaging.getNextException() : null) {
            causes.append(" of ").append(cause.getClass().getSimpleName());
        }
        return causes.toString();
    }

    private static void close(Transport transport) {
        try {
            transport.close();
        } catch (MessagingException gone) {
            // The connection is of no use any more, which is what closing is for.
        }
    }

    /// A mail with an id of our own.
    private static final class Identified extends MimeMessage {

        private final String id;

        Identified(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
