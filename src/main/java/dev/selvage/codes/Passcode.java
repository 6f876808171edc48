package dev.selvage.codes;

import dev.selvage.base.CodeNormalizer;
import dev.selvage.base.Texts;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.OtpErrors;
import java.util.regex.Pattern;

/// The digits that a user typed, in the form in which they are compared. Every flow parses them before any
/// other check: a text that cannot be a code does not count as a guess, and every caller gets the same refusal.
///
/// @param digits 6 ASCII digits
public record Passcode(String digits) {

    /// The longest input. No user pastes more with a code.
    private static final int CHARACTERS_MAX = 64;
    private static final Pattern SHAPE = Pattern.compile("[0-9]{6}");

    /// Parses the input of a user; see [CodeNormalizer#normalize].
    ///
    /// @throws ApiError `invalid_code` if the input cannot be a code
    public static Passcode of(String typed) {
        Check.that(!Texts.isLonger(typed, CHARACTERS_MAX), OtpErrors.INVALID_CODE);
        String digits = CodeNormalizer.normalize(typed);
        Check.that(SHAPE.matcher(digits).matches(), OtpErrors.INVALID_CODE);
        return new Passcode(digits);
    }

    /// Without the digits.
    @Override
    public String toString() {
        return "Passcode";
    }
}
