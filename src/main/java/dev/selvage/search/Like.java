package dev.selvage.search;

import java.text.Normalizer;
import java.util.Locale;

/// Patterns of SQL's LIKE in which the text of a caller has no special meaning.
public final class Like {

    /// Stands behind every pattern. Not the backslash, which some readers of SQL take for an escape in a
    /// literal.
    static final String ESCAPE = " ESCAPE '!'";

    private Like() {}

    /// The pattern of everything that contains the text, whatever its case. What it is compared with is stored
    /// in the form of [#fold].
    public static String containing(String text) {
        return "%" + literal(fold(text)) + "%";
    }

    /// The text as a part of a pattern.
    public static String literal(String text) {
        return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    }

    /// The form in which texts are searched: in lower case, because the engines agree on the case of ASCII
    /// letters only.
    public static String fold(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
}
