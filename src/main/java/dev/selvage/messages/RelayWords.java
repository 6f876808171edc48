package dev.selvage.messages;

import dev.selvage.base.Texts;
import java.util.List;
import java.util.regex.Pattern;

/// What a mail server said, as an operator may read it: it names the reason that no other place knows, and it
/// may also repeat the address that a message goes to, the message, or the login.
final class RelayWords {

    /// So much of it is told.
    static final int CHARACTERS_MAX = 400;

    private static final String HIDDEN = "…";
    /// Lines of a reply repeat the code (RFC 5321 4.2.1).
    private static final Pattern LINE_BEGIN = Pattern.compile("(?m)^\\d{3}[- ]");
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}\\s]+");
    private static final Pattern ADDRESS = Pattern.compile("[^\\s<>@]+(?:@|%40)[^\\s<>]+", Pattern.CASE_INSENSITIVE);
    /// Links lead in, and so does what stands in their queries. A page that explains the reply is of use
    /// without one.
    private static final Pattern QUERY = Pattern.compile("(https?://[^\\s?#]+)[?#][^\\s]*", Pattern.CASE_INSENSITIVE);
    private static final int READ_MAX = 4 * CHARACTERS_MAX;

    private RelayWords() {}

    /// A reply on one line, without codes, addresses and secrets, shortened.
    ///
    /// @param secrets what must not be told
    /// @param to      the address of the message, whose part before the `@` is hidden as well
    static String told(String reply, List<String> secrets, String to) {
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
