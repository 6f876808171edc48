package dev.selvage.sessions;

/// Where a session or a link was made, as the caller tells it; empty when not told (`open-questions.md` 23).
public record Attributes(String ipAddress, String userAgent) {

    /// The longest user agent that is kept.
    private static final int USER_AGENT_CHARACTERS_MAX = 2048;
    /// An IPv6 address with a zone.
    private static final int IP_ADDRESS_CHARACTERS_MAX = 64;

    public static final Attributes NONE = new Attributes("", "");

    public Attributes {
        ipAddress = cut(ipAddress, IP_ADDRESS_CHARACTERS_MAX);
        userAgent = cut(userAgent, USER_AGENT_CHARACTERS_MAX);
    }

    /// The given ones, or [#NONE] for null.
    public static Attributes orNone(Attributes given) {
        return given == null ? NONE : given;
    }

    private static String cut(String value, int max) {
        if (value == null) {
            return "";
        }
        return value.length() > max ? value.substring(0, max) : value;
    }
}
