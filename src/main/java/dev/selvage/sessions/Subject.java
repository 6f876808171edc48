package dev.selvage.sessions;

/// Whose session it is. The session engine knows no more of a person than this.
public sealed interface Subject {

    /// The id of the user; unique in the project.
    String id();

    /// A user of a consumer project.
    record OfUser(String id) implements Subject { }
}
