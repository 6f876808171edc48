package dev.selvage.cli;

/// Text for a POSIX shell.
final class Shell {

    private Shell() {}

    /// One word of a command, quoted if it needs to be.
    static String quoted(String text) {
        return text.matches("[A-Za-z0-9_./:@%+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
