package dev.selvage.base;

/// A set of ASCII characters, for the check of texts. It is faster than a regular expression, and each call
/// checks several ids and tokens.
public final class AsciiSet {

    /// The visible characters, without the space.
    public static final AsciiSet VISIBLE = new AsciiSet(visible());

    private static final String LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ASCII = 128;

    private final boolean[] members = new boolean[ASCII];

    private AsciiSet(String characters) {
        characters.chars().forEach(c -> members[c] = true);
    }

    /// Returns the set of ASCII letters and digits and `others`.
    public static AsciiSet lettersDigitsAnd(String others) {
        return new AsciiSet(LETTERS_AND_DIGITS + others);
    }

    /// Whether `text` has `min` to `max` characters and each of them is in the set.
    public boolean matchesAll(String text, int min, int max) {
        if (text.length() < min || text.length() > max) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ASCII || !members[c]) {
                return false;
            }
        }
        return true;
    }

    private static String visible() {
        StringBuilder all = new StringBuilder();
        for (char c = '!'; c <= '~'; c++) {
            all.append(c);
        }
        return all.toString();
    }
}
