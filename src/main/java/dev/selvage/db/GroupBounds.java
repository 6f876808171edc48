package dev.selvage.db;

/// The bounds of a group of writes that share a commit. A group is complete when it reaches one of them, even
/// if more writes wait.
///
/// @param writesMax the most writes; 1 gives each write its own commit
/// @param millisMax the age, in milliseconds
public record GroupBounds(int writesMax, long millisMax) {

    /// The bounds that the program uses.
    public static final GroupBounds DEFAULT = new GroupBounds(256, 10);
}
