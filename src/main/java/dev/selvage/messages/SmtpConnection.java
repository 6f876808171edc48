package dev.selvage.messages;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/// A connection to a mail server that remembers what the server refused, and to which command: the exceptions
/// of the library keep the server's words in some places and lose them in others.
final class SmtpConnection extends SMTPTransport {

    private static final int REFUSED_MIN = 400;
    /// Commands whose refusal is about the message, and not about this server.
    private static final Set<String> ABOUT_THE_MESSAGE = Set.of("MAIL", "RCPT", "DATA");
    private static final Set<String> COMMANDS = Set.of("EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA");
    /// "No such command": what a server of before 1995 answers to `EHLO`; `HELO` is for those.
    private static final Set<Integer> NO_SUCH_COMMAND = Set.of(500, 502);
    /// Replies that complain about this server's login (RFC 4954 6, RFC 3207 4), whatever they answer to.
    private static final Set<Integer> LOGIN_REPLIES = Set.of(530, 534, 535, 538);

    private String command;
    private Refusal refusal;

    SmtpConnection(Session session) {
        super(session, new URLName("smtp", null, -1, null, null, null));
        begin();
    }

    /// What the server refused.
    ///
    /// @param command what it answered to: a command of SMTP, or `connect` for its greeting
    /// @param code    400 to 599
    /// @param text    the server's words, which may hold anything
    record Refusal(String command, int code, String text) {

        /// Whether the server will never take this message (RFC 5321 4.2.1). What it says for good about this
        /// server itself, such as about its name or login, the operator can set right while the message waits.
        boolean forGood() {
            return code >= 500 && ABOUT_THE_MESSAGE.contains(command) && !LOGIN_REPLIES.contains(code);
        }
    }

    /// Forgets what was refused before: a message begins.
    void begin() {
        command = "connect";
        refusal = null;
    }

    /// The last refusal since [#begin].
    Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }

    /// A server that refuses this server's name, and does not lack the command, is not asked a second time: it
    /// hangs up (421), and its words would be lost.
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
        // What follows AUTH is the login itself, and what follows DATA is the message.
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
