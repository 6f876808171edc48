package dev.selvage.http;

/// The response of a call that returns no fields of its own.
public record EmptyResponse() {}
