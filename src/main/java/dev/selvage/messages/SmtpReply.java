package dev.selvage.messages;

import dev.selvage.base.Texts;
import java.util.List;
import java.util.regex.Pattern;

/// Redacts the reply of a mail server for the log. The reply contains the reason for a failure. It can also
/// repeat the address of the recipient, the message, or the credentials.
final class SmtpReply {

    /// The longest redacted reply.
    static final int CHARACTERS_MAX = 400;

    private static final String HIDDEN = "…";
    /// Each line of a reply starts with the code (RFC 5321, 4.2.1).
    private static final Pattern LINE_BEGIN = Pattern.compile("(?m)^\\d{3}[- ]");
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}\\s]+");
    private static final Pattern ADDRESS = Pattern.compile("[^\\s<>@]+(?:@|%40)[^\\s<>]+", Pattern.CASE_INSENSITIVE);
    /// Links and their queries can contain tokens. A link to an explanation of the reply works without its
    /// query.
    private static final Pattern QUERY = Pattern.compile("(https?://[^\\s?#]+)[?#][^\\s]*", Pattern.CASE_INSENSITIVE);
    private static final int READ_MAX = 4 * CHARACTERS_MAX;

    private SmtpReply() {}

    /// Returns a reply on one line, shortened, without codes, addresses and secrets.
    ///
    /// @param secrets values that are removed
    /// @param to      recipient of the message; its part before the `@` is removed too
    static String redact(String reply, List<String> secrets, String to) {
        String text = reply.length() > READ_MAX ? reply.substring(0, READ_MAX) : reply;
        text = CONTROLS.matcher(LINE_BEGIN.matcher(text).replaceAll(" "))
                .replaceAll(" ")
                .strip();
        for (String secret : secrets) {
            text = hide(text, Pattern.quote(secret));
        }
        text = ADDRESS.matcher(text).replaceAll(HIDDEN);
        text = QUERY.matcher(text).replaceAll("$1");
        int at = to.lastIndexOf('@');
        if (at > 0) {
            text = hide(text, "(?<![\\p{L}\\p{N}])" + Pattern.quote(to.substring(0, at)) + "(?![\\p{L}\\p{N}])");
        }
        return Texts.isLonger(text, CHARACTERS_MAX) ? Texts.cut(text, CHARACTERS_MAX) + "…" : text;
    }

    private static String hide(String text, String pattern) {
        return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                .matcher(text)
                .replaceAll(HIDDEN);
    }
}
