package dev.selvage.sessions;

/// The user or member to whom a session belongs. The session engine needs no more than this.
public sealed interface Subject {

    /// The id of the user or member; unique in the project.
    String id();

    /// A user of a consumer project.
    record User(String id) implements Subject {}

    /// A member of an organization of a B2B project.
    record Member(String id, String organizationId) implements Subject {}
}
