package dev.selvage.messages;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/// The HTTP API of a provider of text messages.
///
/// @param url          accepts messages by POST
/// @param account      user name for HTTP Basic, with `token` as the password; empty for no credentials
/// @param from         sender of SMS: a phone number, a short code, a name, or the id of a service at the
///                     provider; empty for no SMS
/// @param whatsappFrom sender of WhatsApp messages: a phone number or the id of a service; empty for none
public record Sms(
        URI url,
        Optional<String> account,
        Optional<String> token,
        Optional<String> from,
        Optional<String> whatsappFrom) {

    private static final Pattern NUMBER = Pattern.compile("\\+[1-9][0-9]{6,14}");
    private static final Pattern SHORT_CODE = Pattern.compile("[0-9]{3,8}");
    /// A name. Networks show 11 characters and reject names without a letter.
    private static final Pattern NAME = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11}");
    private static final Pattern SERVICE = Pattern.compile("MG[0-9a-fA-F]{32}");

    /// Whether a text is a valid sender of SMS.
    public static boolean sendsSms(String from) {
        return NUMBER.matcher(from).matches()
                || SHORT_CODE.matcher(from).matches()
                || NAME.matcher(from).matches()
                || isService(from);
    }

    /// Whether a text is a valid sender of WhatsApp messages.
    public static boolean sendsWhatsapp(String from) {
        return NUMBER.matcher(from).matches() || isService(from);
    }

    /// Whether a text is the id of a service that selects the sender.
    static boolean isService(String from) {
        return SERVICE.matcher(from).matches();
    }

    /// Without account and token, and without the path, which can contain a key.
    @Override
    public String toString() {
        return url.getHost();
    }
}
