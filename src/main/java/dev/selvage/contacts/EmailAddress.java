package dev.selvage.contacts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.selvage.base.Domains;
import dev.selvage.base.Texts;
import dev.selvage.error.Check;
import dev.selvage.error.RequestErrors;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An email address in the form in which it is stored and compared: lower case, with the domain in ASCII
/// ([Domains]). An address from outside comes in through [#parse] or [#ofRequest]; the constructor is for
/// addresses of the store.
public record EmailAddress(@JsonValue String value) implements Contact {

    /// The longest address that SMTP carries (RFC 5321 4.5.3.1.3).
    private static final int CHARACTERS_MAX = 254;

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
            + "@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]");
    private static final Pattern DOTS = Pattern.compile("^\\.|\\.\\.|\\.@");

    /// Checks an address and brings it into its stored form.
    ///
    /// @throws dev.selvage.error.ApiError `invalid_email`
    public static EmailAddress parse(String given) {
        String value = asStored(given);
        Check.that(
                !Texts.isLonger(value, CHARACTERS_MAX)
                        && FORM.matcher(value).matches()
                        && !DOTS.matcher(value).find(),
                RequestErrors.INVALID_EMAIL);
        return new EmailAddress(value);
    }

    /// As [#parse], for a field of a request; null for an empty text, which means that the field is absent.
    ///
    /// @throws dev.selvage.error.ApiError `invalid_email`
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static @Nullable EmailAddress ofRequest(String given) {
        return given.isEmpty() ? null : parse(given);
    }

    /// Returns the stored form of a text without checking that it is an address; for searches.
    public static String asStored(String given) {
        return Domains.inAddress(given.strip()).toLowerCase(Locale.ROOT);
    }

    /// The part before the `@`.
    public String localPart() {
        return value.substring(0, value.lastIndexOf('@'));
    }

    /// The part after the `@`.
    public String domain() {
        return value.substring(value.lastIndexOf('@') + 1);
    }

    /// The address itself.
    @Override
    public String toString() {
        return value;
    }
}
