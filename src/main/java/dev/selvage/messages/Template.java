package dev.selvage.messages;

import java.util.Locale;

/// The kinds of email. Each has built-in texts in every [Language], which a project can replace.
public enum Template {
    LOGIN,
    SIGNUP,
    INVITE,
    RESET_PASSWORD,
    ONE_TIME_PASSCODE,
    ONE_TIME_PASSCODE_SIGNUP;

    /// The template id, under which the settings of a project replace the built-in texts: `login`,
    /// `reset_password`.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether the email contains a code instead of a link.
    boolean hasPasscode() {
        return this == ONE_TIME_PASSCODE || this == ONE_TIME_PASSCODE_SIGNUP;
    }
}
