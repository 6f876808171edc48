package dev.selvage.db;

/// What a failure of the engine says about the transaction in which it happened, which was rolled back.
enum Failure {
    /// Another transaction was in the way. Run again, it can succeed.
    CONFLICT,
    /// What a new row belongs to was deleted after the transaction had read it. Run again, it sees that, and
    /// says so; where it does not, the failure is the statement's own.
    REFERENCE_GONE,
    /// The connection is gone. Run again on another one it can succeed; what was in its commit may have been
    /// committed.
    CONNECTION_LOST,
    /// The store takes no work of this kind at the moment, and trying again at once is no use.
    UNAVAILABLE,
    /// The store works, and this took too long: all connections were in use, or a lock or a statement reached a
    /// limit that the server sets. No connection failed: they stay, and what is prepared on them. Trying again
    /// at once is no use.
    BUSY,
    /// The statement's own: a constraint, a mistake in it.
    STATEMENT
}
