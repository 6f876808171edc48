package dev.selvage.backend;

import dev.selvage.error.ErrorType;

/// Makes `error_url` from a template in which `{status}` and `{error_type}` stand for those of the error, so
/// that an operator can point to documentation of their own (`open-questions.md` 0).
public record ErrorUrls(String template) {

    /// The form of the endpoint pages.
    public static final String DEFAULT_TEMPLATE = "https://stytch.com/docs/api/errors/{status}";

    String of(ErrorType type) {
        return template.replace("{status}", Integer.toString(type.status())).replace("{error_type}", type.wireValue());
    }
}
