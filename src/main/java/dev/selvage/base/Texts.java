package dev.selvage.base;

/// Measures and cuts texts in characters. A character is a Unicode code point: an emoji is one, as in
/// PostgreSQL and in the languages of most SDKs, although Java stores it as two `char`s.
public final class Texts {

    private Texts() {}

    /// Whether a text has more than `max` characters.
    public static boolean isLonger(String text, int max) {
        return text.length() > max && text.codePointCount(0, text.length()) > max;
    }

    /// Returns the first `max` characters.
    public static String cut(String text, int max) {
        return isLonger(text, max) ? text.substring(0, text.offsetByCodePoints(0, max)) : text;
    }
}
