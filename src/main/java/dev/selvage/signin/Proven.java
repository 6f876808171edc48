package dev.selvage.signin;

/// The outcome of a sign-in and the detail of the [Proof] that led to it.
///
/// @param <O> the type of the outcome
/// @param <R> the type of the detail
public record Proven<O, R>(O outcome, R detail) {}
