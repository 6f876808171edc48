package dev.selvage.base;

/// The length of what people write. A character is a Unicode code point: an emoji is one, as it is for
/// PostgreSQL and for the languages of most SDKs, though Java keeps it in two units.
public final class Texts {

    private Texts() {}

    /// Whether a text has more than `max` characters.
    public static boolean isLonger(String text, int max) {
        return text.length() > max && text.codePointCount(0, text.length()) > max;
    }

    /// The first `max` characters.
    public static String cut(String text, int max) {
        return isLonger(text, max) ? text.substring(0, text.offsetByCodePoints(0, max)) : text;
    }
}
