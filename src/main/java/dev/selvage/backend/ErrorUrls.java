package dev.selvage.backend;

import dev.selvage.error.ErrorType;

/// Creates `error_url` from a template in which `{status}` and `{error_type}` are placeholders, so that
/// operators can refer to their own documentation (`open-questions.md` 0).
public record ErrorUrls(String template) {

    /// The URL that the pages of the endpoints show.
    public static final String DEFAULT_TEMPLATE = "https://stytch.com/docs/api/errors/{status}";

    String of(ErrorType type) {
        return template.replace("{status}", Integer.toString(type.status())).replace("{error_type}", type.wireValue());
    }
}
