package dev.selvage.signin;

import dev.selvage.sessions.Factor;

/// The proof of a call.
///
/// @param subjectId the id of the user or member
/// @param detail    a further result for the response
/// @param <R>       the type of the detail
public record Proof<R>(String subjectId, Factor factor, R detail) {

    /// A proof with no further detail than the factor.
    public static Proof<Factor> of(String subjectId, Factor factor) {
        return new Proof<>(subjectId, factor, factor);
    }
}
