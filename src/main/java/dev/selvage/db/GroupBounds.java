package dev.selvage.db;

/// When a group of writes that share a commit is complete, even if more are waiting.
///
/// @param works  so many; 1 gives each write a commit of its own
/// @param millis it is as old, in milliseconds
public record GroupBounds(int works, long millis) {

    /// What the program uses.
    public static final GroupBounds DEFAULT = new GroupBounds(256, 10);
}
