package dev.selvage.http;

/// The answer of a call that has nothing to say but that it is done.
public record EmptyResponse() {}
