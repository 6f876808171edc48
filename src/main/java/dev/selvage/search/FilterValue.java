package dev.selvage.search;

import dev.selvage.base.Texts;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/// The `filter_value` of an operand. A value of the wrong type is refused with the error types of its search.
public record FilterValue(JsonNode json, SearchErrors refusals) {

    /// The most values of one filter if each value is a separate comparison. SQLite nests expressions at most
    /// 1000 deep.
    public static final int PATTERNS_MAX = 100;

    private static final int FUZZY_CHARACTERS_MIN = 3;
    private static final int FUZZY_CHARACTERS_MAX = 256;

    /// Whether a value is absent: missing, null, an empty string or an empty array.
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

    /// @param form converts each string to the form that is compared; it may throw [ApiError]
    public List<String> strings(UnaryOperator<String> form) {
        Check.that(json.isArray(), refusals.expectedArrayOfStrings());
        List<String> strings = new ArrayList<>();
        for (JsonNode element : json) {
            Check.that(element.isString(), refusals.expectedArrayOfStrings());
            strings.add(form.apply(element.stringValue()));
        }
        return List.copyOf(strings);
    }

    /// As [#strings(UnaryOperator)], for values that no index covers. Returns distinct values, at most
    /// [#PATTERNS_MAX].
    public List<String> patterns(UnaryOperator<String> form) {
        List<String> patterns = strings(form).stream().distinct().toList();
        if (patterns.size() > PATTERNS_MAX) {
            throw refusals.values().get();
        }
        return patterns;
    }

    /// The pattern of all texts that contain the value, ignoring case. The value has 3 to 256 characters.
    ///
    /// @param tooShort the error type for fewer than 3 characters
    public String containing(ErrorType tooShort) {
        String text = string();
        Check.that(text.codePointCount(0, text.length()) >= FUZZY_CHARACTERS_MIN, tooShort);
        return Like.containing(checkFuzzy(text));
    }

    /// Checks that a text has at most 256 characters, and returns it.
    public static String checkFuzzy(String text) {
        if (Texts.isLonger(text, FUZZY_CHARACTERS_MAX)) {
            throw ApiError.badField(
                    "query.operands.filter_value", "may not have more than " + FUZZY_CHARACTERS_MAX + " characters");
        }
        return text;
    }
}
