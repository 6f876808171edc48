package dev.selvage.users;

import dev.selvage.base.Domains;
import dev.selvage.base.Texts;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.RequestErrors;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks email addresses and phone numbers and brings them into their stored form.
public final class Contacts {

    /// The longest address that SMTP carries (RFC 5321 4.5.3.1.3).
    private static final int EMAIL_CHARACTERS_MAX = 254;
    private static final Pattern EMAIL = Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
            + "@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]");
    private static final Pattern DOTS = Pattern.compile("^\\.|\\.\\.|\\.@");
    private static final Pattern PHONE = Pattern.compile("\\+[1-9][0-9]{6,14}");

    private Contacts() {}

    /// Checks an email address and returns the form that is stored and compared: lower case, with the domain
    /// in ASCII ([Domains]).
    ///
    /// @throws ApiError `invalid_email`; `bad_request` if it is absent
    public static String email(@Nullable String given, String field) {
        String email = asStored(Check.required(given, field));
        if (Texts.isLonger(email, EMAIL_CHARACTERS_MAX)
                || !EMAIL.matcher(email).matches()
                || DOTS.matcher(email).find()) {
            throw ApiError.of(RequestErrors.INVALID_EMAIL);
        }
        return email;
    }

    /// Returns the stored form of a text without checking that it is an address; for searches.
    public static String asStored(String given) {
        return Domains.inAddress(given.strip()).toLowerCase(Locale.ROOT);
    }

    /// As [#email]; null if the address is absent or empty.
    public static @Nullable String emailOrNull(@Nullable String given, String field) {
        return Check.isGiven(given) ? email(given, field) : null;
    }

    /// Checks a phone number and returns it in E.164 form.
    ///
    /// @throws ApiError `invalid_phone_number`; `bad_request` if it is absent
    public static String phone(@Nullable String given, String field) {
        String phone = Check.required(given, field).strip();
        Check.that(PHONE.matcher(phone).matches(), RequestErrors.INVALID_PHONE_NUMBER);
        return phone;
    }

    /// As [#phone]; null if the number is absent or empty.
    public static @Nullable String phoneOrNull(@Nullable String given, String field) {
        return Check.isGiven(given) ? phone(given, field) : null;
    }
}
