package dev.selvage.messages;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/// A connection to a mail server that records the last refusal and the refused command. The exceptions of the
/// mail library contain the server's reply in some cases only.
final class SmtpConnection extends SMTPTransport {

    private static final int REFUSED_MIN = 400;
    /// Commands whose refusal is about the message and not about this server.
    private static final Set<String> MESSAGE_COMMANDS = Set.of("MAIL", "RCPT", "DATA");
    private static final Set<String> COMMANDS = Set.of("EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA");
    /// Replies to an unknown command. Servers from before 1995 reply so to `EHLO`, and `HELO` is for them.
    private static final Set<Integer> NO_SUCH_COMMAND = Set.of(500, 502);
    /// Replies about the authentication of this server (RFC 4954, 6; RFC 3207, 4), to any command.
    private static final Set<Integer> LOGIN_REPLIES = Set.of(530, 534, 535, 538);

    private String command = "connect";
    private @Nullable Refusal refusal;

    SmtpConnection(Session session) {
        super(session, new URLName("smtp", null, -1, null, null, null));
        reset();
    }

    /// A refusal by the server.
    ///
    /// @param command the refused SMTP command, or `connect` for the greeting
    /// @param code    400 to 599
    /// @param text    reply of the server, not redacted
    record Refusal(String command, int code, String text) {

        /// Whether the server refused the message permanently (RFC 5321, 4.2.1). A permanent refusal of this
        /// server, for example of its name or credentials, does not count, because the operator can correct it
        /// while the message waits.
        boolean permanent() {
            return code >= 500 && MESSAGE_COMMANDS.contains(command) && !LOGIN_REPLIES.contains(code);
        }
    }

    /// Clears the recorded refusal before a message.
    void reset() {
        command = "connect";
        refusal = null;
    }

    /// Returns the last refusal since [#reset].
    Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }

    /// Prevents a fallback to `HELO` after a refusal, unless the server does not know `EHLO`. The server would
    /// close the connection (421), and the reason would be lost.
    @Override
    protected boolean ehlo(String domain) throws MessagingException {
        boolean greeted = super.ehlo(domain);
        if (!greeted && !NO_SUCH_COMMAND.contains(getLastReturnCode())) {
            throw new MessagingException(getLastServerResponse());
        }
        return greeted;
    }

    @Override
    protected void sendCommand(String line) throws MessagingException {
        String word = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
        // Lines after AUTH contain credentials, and lines after DATA contain the message.
        if (COMMANDS.contains(word)) {
            command = word;
        }
        super.sendCommand(line);
    }

    @Override
    protected int readServerResponse() throws MessagingException {
        int code = super.readServerResponse();
        if (code >= REFUSED_MIN) {
            refusal = new Refusal(command, code, getLastServerResponse());
        }
        return code;
    }
}
