package dev.selvage.http;

/// Who may call a route.
public enum Access {
    /// A consumer project with its secret.
    CONSUMER,
    /// A B2B project with its secret.
    B2B,
    /// A project of either kind with its secret.
    ANY_PROJECT,
    /// Whoever operates this server, with the admin token as bearer.
    ADMIN,
    /// Everyone.
    OPEN
}
