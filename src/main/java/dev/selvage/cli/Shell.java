package dev.selvage.cli;

/// Quoting for POSIX shells.
final class Shell {

    private Shell() {}

    /// The text as one word of a command, quoted if necessary.
    static String quoted(String text) {
        return text.matches("[A-Za-z0-9_./:@%+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
