package dev.selvage.signin;

import dev.selvage.sessions.Factor;

/// What a call has just proven.
///
/// @param subjectId of the user or member
/// @param detail    what else the call found, for its response
/// @param <R>       the type of the detail
public record Proof<R>(String subjectId, Factor factor, R detail) {

    /// A proof without detail.
    public static Proof<Void> of(String subjectId, Factor factor) {
        return new Proof<>(subjectId, factor, null);
    }
}
