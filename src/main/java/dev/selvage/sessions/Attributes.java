package dev.selvage.sessions;

import dev.selvage.base.Texts;
import java.net.InetAddress;
import java.util.List;

/// Where a session or a link was made, as the caller tells it; empty when not told (`open-questions.md` 23).
public record Attributes(String ipAddress, String userAgent) {

    /// Of the user agent so much is kept, in bytes of JSON: it stands in each JWT.
    static final int USER_AGENT_BYTES_MAX = 2048;
    /// What a character takes at most, that of a control character.
    private static final int CHARACTER_BYTES_MAX = 6;
    /// An IPv6 address with a zone.
    private static final int IP_ADDRESS_CHARACTERS_MAX = 64;

    public static final Attributes NONE = new Attributes("", "");

    public Attributes {
        ipAddress = cut(ipAddress, IP_ADDRESS_CHARACTERS_MAX);
        userAgent = userAgent == null ? "" : cutToBytes(userAgent, USER_AGENT_BYTES_MAX);
    }

    /// The given ones, or [#NONE] for null.
    public static Attributes orNone(Attributes given) {
        return given == null ? NONE : given;
    }

    private static String cut(String value, int max) {
        return value == null ? "" : Texts.cut(value, max);
    }

    /// Whether both were told the same address, however it is written: `2001:db8::1` and `2001:0DB8:0:0::1` are
    /// one, and so are an IPv4 address and its IPv6 form. What is no address is compared as text.
    public boolean sameAddress(Attributes other) {
        return ipAddress.equals(other.ipAddress)
                || !ipAddress.isEmpty() && value(ipAddress).equals(value(other.ipAddress));
    }

    /// The address and its zone, or the text. No name is ever looked up.
    private static List<Object> value(String text) {
        int zone = text.indexOf('%');
        try {
            InetAddress address = InetAddress.ofLiteral(zone < 0 ? text.strip() : text.substring(0, zone));
            return List.of(address, zone < 0 ? "" : text.substring(zone));
        } catch (IllegalArgumentException noAddress) {
            return List.of(text);
        }
    }

    /// The beginning that takes so many bytes in JSON.
    private static String cutToBytes(String value, int max) {
        return value.length() * CHARACTER_BYTES_MAX <= max ? value : value.substring(0, fitting(value, max));
    }

    /// How many characters fit; none is cut in two.
    private static int fitting(String value, int max) {
        int bytes = 0;
        int at = 0;
        while (at < value.length()) {
            int character = value.codePointAt(at);
            bytes += bytes(character);
            if (bytes > max) {
                return at;
            }
            at += Character.charCount(character);
        }
        return at;
    }

    private static int bytes(int character) {
        if (character < ' ' || character == '"' || character == '\\') {
            return CHARACTER_BYTES_MAX;
        }
        return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }
}
