package dev.selvage.base;

import java.text.Normalizer;
import java.util.regex.Pattern;

/// Cleans codes that people type or paste from a message.
public final class CodeNormalizer {

    /// White space, control and format characters (such as direction marks and zero-width spaces), dashes and
    /// the minus sign.
    private static final Pattern SEPARATORS = Pattern.compile("[\\s\\p{Z}\\p{Cc}\\p{Cf}\\p{Pd}\u2212]");
    /// Punctuation around the code: a full stop, quotation marks, brackets.
    private static final Pattern SURROUNDING_PUNCTUATION = Pattern.compile("^\\p{P}+|\\p{P}+$");

    private CodeNormalizer() {}

    /// Returns the code in a text, without white space and dashes and without punctuation around it. Letters
    /// and digits of all keyboards are converted to their usual form (Unicode's NFKC; digits to ASCII). Empty
    /// if nothing else is in the text.
    ///
    /// @param text of bounded length
    public static String normalize(String text) {
        String normalized = SEPARATORS
                .matcher(Normalizer.normalize(text, Normalizer.Form.NFKC))
                .replaceAll("");
        StringBuilder code = new StringBuilder(normalized.length());
        SURROUNDING_PUNCTUATION
                .matcher(normalized)
                .replaceAll("")
                .codePoints()
                .forEach(c -> code.appendCodePoint(Character.isDigit(c) ? '0' + Character.digit(c, 10) : c));
        return code.toString();
    }
}
