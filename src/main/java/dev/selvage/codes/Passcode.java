package dev.selvage.codes;

import dev.selvage.base.Pasted;
import dev.selvage.base.Texts;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import java.util.regex.Pattern;

/// What somebody says is a one-time passcode, in the form in which it is compared. Every flow makes one before
/// it looks at anything else: what cannot be a code is no guess, and is refused in the same way to everybody.
///
/// @param digits six, of ASCII
public record Passcode(String digits) {

    /// More than anyone pastes with a code.
    private static final int CHARACTERS_MAX = 64;
    private static final Pattern SHAPE = Pattern.compile("[0-9]{6}");

    /// The code in what somebody typed or pasted; see [Pasted#code].
    ///
    /// @throws ApiError `invalid_code` for what cannot be one
    public static Passcode of(String typed) {
        Check.that(!Texts.isLonger(typed, CHARACTERS_MAX), ErrorType.INVALID_CODE);
        String digits = Pasted.code(typed);
        Check.that(SHAPE.matcher(digits).matches(), ErrorType.INVALID_CODE);
        return new Passcode(digits);
    }

    /// Without the digits.
    @Override
    public String toString() {
        return "Passcode";
    }
}
