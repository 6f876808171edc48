package dev.selvage.codes;

/// A used code and what it proves.
///
/// @param methodId id of the email address or phone number to which the code was sent; empty in a discovery
///                 flow
public record Code(Target target, String methodId) {}
