package dev.selvage.db;

/// The classes of failures of an engine. The transaction of the failure was rolled back.
enum Failure {
    /// A conflict with another transaction. A retry can succeed.
    CONFLICT,
    /// The row that a new row refers to was deleted after the transaction had read it. A retry sees the
    /// deletion and refuses the call; if it does not, the statement itself is wrong.
    PARENT_DELETED,
    /// The connection is lost. A retry on another connection can succeed. If the commit was sent, it may have
    /// taken place.
    CONNECTION_LOST,
    /// The store accepts no work of this kind at the moment. An immediate retry is useless.
    UNAVAILABLE,
    /// The store works, but the call took too long: all connections were in use, or a lock or statement reached
    /// a limit of the server. The connections and their prepared statements stay valid. An immediate retry is
    /// useless.
    TIMED_OUT,
    /// A failure of the statement itself: a violated constraint, or invalid SQL.
    STATEMENT
}
