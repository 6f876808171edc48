package dev.selvage.search;

import java.text.Normalizer;
import java.util.Locale;

/// Creates patterns for the SQL operator `LIKE` in which the text of a caller is escaped.
public final class Like {

    /// Follows every pattern. The escape character is not the backslash, because some SQL parsers treat it as
    /// an escape in a literal.
    static final String ESCAPE = " ESCAPE '!'";

    private Like() {}

    /// The pattern of all texts that contain the text, ignoring case. The column that it is compared with
    /// stores the form of [#fold].
    public static String containing(String text) {
        return "%" + literal(fold(text)) + "%";
    }

    /// The text as a part of a pattern, with `!`, `%` and `_` escaped.
    public static String literal(String text) {
        return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    }

    /// The form in which texts are searched: NFC and lower case. SQLite and PostgreSQL agree on the case of
    /// ASCII letters only.
    public static String fold(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
}
