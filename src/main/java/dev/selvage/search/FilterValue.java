package dev.selvage.search;

import dev.selvage.base.Texts;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/// The `filter_value` of an operand. Reading it as what it is not is refused in the way of its search.
public record FilterValue(JsonNode json, SearchErrors refusals) {

    /// The most values of one filter each of which is a comparison of its own: SQLite nests at most 1000.
    public static final int PATTERNS_MAX = 100;

    private static final int FUZZY_CHARACTERS_MIN = 3;
    private static final int FUZZY_CHARACTERS_MAX = 256;

    /// Whether there is no value: absent, null, an empty text or an empty list.
    public static boolean absent(JsonNode value) {
        return value == null
                || value.isMissingNode()
                || value.isNull()
                || value.isString() && value.stringValue().isEmpty()
                || value.isArray() && value.isEmpty();
    }

    public boolean bool() {
        Check.that(json.isBoolean(), refusals.expectedBoolean());
        return json.booleanValue();
    }

    public String string() {
        Check.that(json.isString(), refusals.expectedString());
        return json.stringValue();
    }

    public List<String> strings() {
        return strings(UnaryOperator.identity());
    }

    /// @param form brings each into the form that is compared; may refuse
    public List<String> strings(UnaryOperator<String> form) {
        Check.that(json.isArray(), refusals.expectedArrayOfStrings());
        List<String> strings = new ArrayList<>();
        for (JsonNode element : json) {
            Check.that(element.isString(), refusals.expectedArrayOfStrings());
            strings.add(form.apply(element.stringValue()));
        }
        return List.copyOf(strings);
    }

    /// As [#strings(UnaryOperator)], for values that no index finds: at most [#PATTERNS_MAX] different ones.
    public List<String> patterns(UnaryOperator<String> form) {
        List<String> patterns = strings(form).stream().distinct().toList();
        if (patterns.size() > PATTERNS_MAX) {
            throw refusals.values().get();
        }
        return patterns;
    }

    /// The pattern of everything that contains the text, whatever its case.
    public String containing(ErrorType tooShort) {
        String text = string();
        Check.that(text.codePointCount(0, text.length()) >= FUZZY_CHARACTERS_MIN, tooShort);
        return Like.containing(checkFuzzy(text));
    }

    /// Refuses a text that is too long for a pattern.
    public static String checkFuzzy(String text) {
        if (Texts.isLonger(text, FUZZY_CHARACTERS_MAX)) {
            throw ApiError.badField(
                    "query.operands.filter_value", "may not have more than " + FUZZY_CHARACTERS_MAX + " characters");
        }
        return text;
    }
}
