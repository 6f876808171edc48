package dev.selvage.codes;

/// A code that was used: what it proves.
///
/// @param methodId the id of the email address or phone number that the code was sent to; empty in a discovery
///         flow
public record Code(Target target, String methodId) {}
