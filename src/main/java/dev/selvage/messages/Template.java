package dev.selvage.messages;

import java.util.Locale;

/// What an email is about. Each kind has built-in texts in every [Language], which a project may replace.
public enum Template {
    LOGIN,
    SIGNUP,
    INVITE,
    RESET_PASSWORD,
    ONE_TIME_PASSCODE,
    ONE_TIME_PASSCODE_SIGNUP;

    /// The template id under which a project's settings replace the built-in texts: `login`, `reset_password`.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether its mails hold a code instead of a link.
    boolean ofPasscode() {
        return this == ONE_TIME_PASSCODE || this == ONE_TIME_PASSCODE_SIGNUP;
    }
}
