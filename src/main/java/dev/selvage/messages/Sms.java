package dev.selvage.messages;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/// The HTTP API that text messages are handed to.
///
/// @param url          takes a message by POST
/// @param account      for HTTP Basic, with `token`; empty: no credentials
/// @param from sends SMS: a number, a short code, a name, or the id of a service at the provider; empty: no SMS
/// @param whatsappFrom sends WhatsApp messages: a number, or the id of a service; empty: none
public record Sms(
        URI url,
        Optional<String> account,
        Optional<String> token,
        Optional<String> from,
        Optional<String> whatsappFrom) {

    private static final Pattern NUMBER = Pattern.compile("\\+[1-9][0-9]{6,14}");
    private static final Pattern SHORT_CODE = Pattern.compile("[0-9]{3,8}");
    /// Networks show eleven characters, and take nothing for a name that has no letter.
    private static final Pattern NAME = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11}");
    private static final Pattern SERVICE = Pattern.compile("MG[0-9a-fA-F]{32}");

    /// Whether SMS can be sent from it.
    public static boolean sendsSms(String from) {
        return NUMBER.matcher(from).matches()
                || SHORT_CODE.matcher(from).matches()
                || NAME.matcher(from).matches()
                || isService(from);
    }

    /// Whether WhatsApp messages can be sent from it.
    public static boolean sendsWhatsapp(String from) {
        return NUMBER.matcher(from).matches() || isService(from);
    }

    /// Whether it is the id of a service that chooses the sender.
    static boolean isService(String from) {
        return SERVICE.matcher(from).matches();
    }

    /// Without account and token, and without the path, which may hold a key.
    @Override
    public String toString() {
        return url.getHost();
    }
}
