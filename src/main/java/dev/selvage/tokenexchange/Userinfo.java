package dev.selvage.tokenexchange;

import dev.selvage.base.Json;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.TokenErrors;
import dev.selvage.projects.Project;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads the OIDC userinfo endpoint of the service that a project migrates from. The endpoint returns the owner
/// of a session of that service.
public final class Userinfo {

    private static final Logger LOG = LoggerFactory.getLogger(Userinfo.class);

    private final OutboundGet http;

    public Userinfo(OutboundGet http) {
        this.http = http;
    }

    /// Returns the email address of a token's owner in its stored form. An address that the service does not
    /// report as verified is refused (`open-questions.md` 33).
    ///
    /// @throws ApiError `migrate_from_external_missing_userinfo`, `migrate_from_external_unexpected_response`
    public EmailAddress email(Project project, String token) {
        String url = project.settings().migrate().userinfoUrl();
        if (!Check.isGiven(url)) {
            throw ApiError.of(TokenErrors.MIGRATE_FROM_EXTERNAL_MISSING_USERINFO);
        }
        JsonNode claims = claims(project, url, token);
        JsonNode email = claims.path("email");
        Optional<String> verified = claims.has("email_verified")
                ? Optional.of(claims.get("email_verified").toString())
                : Optional.empty();
        if (!email.isString()
                || !EmailVerified.allows(verified, project.settings().migrate().requireEmailVerified())) {
            throw unexpectedResponse(url);
        }
        try {
            return EmailAddress.parse(email.stringValue());
        } catch (ApiError malformed) {
            throw unexpectedResponse(url);
        }
    }

    private JsonNode claims(Project project, String url, String token) {
        try {
            OutboundGet.Response response = http.get(URI.create(url), Optional.of(token));
            JsonNode claims = response.status() == 200 ? Json.mapperInstance().readTree(response.body()) : null;
            if (claims == null || !claims.isObject()) {
                LOG.info("The userinfo endpoint of {} returned {} without an object", project.id(), response.status());
                throw unexpectedResponse(url);
            }
            return claims;
        } catch (IOException | JacksonException | IllegalArgumentException failed) {
            // The message of a JSON failure may quote the body.
            LOG.warn(
                    "The userinfo endpoint of {} returned no usable response: {}",
                    project.id(),
                    failed.getClass().getSimpleName());
            throw unexpectedResponse(url);
        }
    }

    /// Returns the refusal with the endpoint's URL, without query and user, which may contain secrets.
    private static ApiError unexpectedResponse(String url) {
        return ApiError.bySetting(
                TokenErrors.MIGRATE_FROM_EXTERNAL_UNEXPECTED_RESPONSE,
                null,
                List.of(url.replaceFirst("[?#].*", "").replaceFirst("//[^/@]*@", "//")));
    }
}
