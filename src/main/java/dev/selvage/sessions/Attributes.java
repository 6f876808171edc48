package dev.selvage.sessions;

import dev.selvage.base.Texts;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The IP address and user agent of a person, as the caller sends them; each is empty if not sent
/// (`open-questions.md` 23). Longer values are cut.
public record Attributes(String ipAddress, String userAgent) {

    /// The longest user agent, in bytes of JSON. It is part of each JWT.
    static final int USER_AGENT_BYTES_MAX = 2048;
    /// The most bytes of one character in JSON: those of an escaped control character.
    private static final int CHARACTER_BYTES_MAX = 6;
    /// The longest IP address; it leaves room for an IPv6 address with a zone.
    private static final int IP_ADDRESS_CHARACTERS_MAX = 64;

    public static final Attributes NONE = new Attributes("", "");

    public Attributes {
        ipAddress = cut(ipAddress, IP_ADDRESS_CHARACTERS_MAX);
        userAgent = userAgent == null ? "" : prefix(userAgent, USER_AGENT_BYTES_MAX);
    }

    /// Returns `given`, or [#NONE] for null.
    public static Attributes orNone(@Nullable Attributes given) {
        return given == null ? NONE : given;
    }

    private static String cut(@Nullable String value, int max) {
        return value == null ? "" : Texts.cut(value, max);
    }

    /// Whether both have the same IP address. Notation does not matter: `2001:db8::1` and `2001:0DB8:0:0::1`
    /// are equal, and so are an IPv4 address and its IPv4-mapped IPv6 form. A text that is not an IP address is
    /// compared as text.
    public boolean sameAddress(Attributes other) {
        return ipAddress.equals(other.ipAddress)
                || !ipAddress.isEmpty() && comparable(ipAddress).equals(comparable(other.ipAddress));
    }

    /// The address and its zone, or the text itself. No host name is resolved.
    private static List<Object> comparable(String text) {
        int zone = text.indexOf('%');
        try {
            InetAddress address = InetAddress.ofLiteral(zone < 0 ? text.strip() : text.substring(0, zone));
            return List.of(address, zone < 0 ? "" : text.substring(zone));
        } catch (IllegalArgumentException notAnAddress) {
            return List.of(text);
        }
    }

    /// Returns the longest prefix that takes at most `max` bytes in JSON.
    private static String prefix(String value, int max) {
        return value.length() * CHARACTER_BYTES_MAX <= max ? value : value.substring(0, prefixLength(value, max));
    }

    /// The length of that prefix in `char`s. It never splits a surrogate pair.
    private static int prefixLength(String value, int max) {
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
