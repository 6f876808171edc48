package dev.selvage.base;

/// The characters that a text of one form consists of, all of them ASCII. For what each call checks several
/// times, where a pattern costs more than what it guards.
public final class AsciiSet {

    /// Everything that can be seen; not the space.
    public static final AsciiSet VISIBLE = new AsciiSet(visible());

    private static final String LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ASCII = 128;

    private final boolean[] members = new boolean[ASCII];

    private AsciiSet(String characters) {
        characters.chars().forEach(c -> members[c] = true);
    }

    /// The letters and digits of ASCII, and these.
    public static AsciiSet lettersDigitsAnd(String others) {
        return new AsciiSet(LETTERS_AND_DIGITS + others);
    }

    /// Whether `text` has at least `min` and at most `max` characters, and all of them are of this alphabet.
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
