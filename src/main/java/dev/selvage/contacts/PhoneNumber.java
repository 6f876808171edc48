package dev.selvage.contacts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.selvage.error.Check;
import dev.selvage.error.RequestErrors;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A phone number in E.164 form. A number from outside comes in through [#ofRequest]; the constructor is for
/// numbers of the store.
public record PhoneNumber(@JsonValue String value) implements Contact {

    private static final Pattern FORM = Pattern.compile("\\+[1-9][0-9]{6,14}");

    /// Checks the number of a request; null for an empty text, which means that the field is absent.
    ///
    /// @throws dev.selvage.error.ApiError `invalid_phone_number`
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static @Nullable PhoneNumber ofRequest(String given) {
        if (given.isEmpty()) {
            return null;
        }
        String value = given.strip();
        Check.that(FORM.matcher(value).matches(), RequestErrors.INVALID_PHONE_NUMBER);
        return new PhoneNumber(value);
    }

    /// The number itself.
    @Override
    public String toString() {
        return value;
    }
}
