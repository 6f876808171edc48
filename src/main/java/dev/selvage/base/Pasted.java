package dev.selvage.base;

import java.text.Normalizer;
import java.util.regex.Pattern;

/// Codes that people type, or copy out of a message: what comes along is taken away.
public final class Pasted {

    /// White space, control and format characters (such as marks of direction, and spaces of no width), dashes
    /// and the minus sign.
    private static final Pattern SEPARATORS = Pattern.compile("[\\s\\p{Z}\\p{Cc}\\p{Cf}\\p{Pd}\u2212]");
    /// The end of the sentence, quotation marks, brackets.
    private static final Pattern AROUND = Pattern.compile("^\\p{P}+|\\p{P}+$");

    private Pasted() {}

    /// The code in a text: without spaces and dashes anywhere and punctuation around it, and with the letters
    /// and digits of every keyboard in their usual form (Unicode's NFKC; digits as those of ASCII). Empty when
    /// nothing else is there.
    ///
    /// @param text of bounded length
    public static String code(String text) {
        String usual = SEPARATORS
                .matcher(Normalizer.normalize(text, Normalizer.Form.NFKC))
                .replaceAll("");
        StringBuilder code = new StringBuilder(usual.length());
        AROUND.matcher(usual)
                .replaceAll("")
                .codePoints()
                .forEach(c -> code.appendCodePoint(Character.isDigit(c) ? '0' + Character.digit(c, 10) : c));
        return code.toString();
    }
}
