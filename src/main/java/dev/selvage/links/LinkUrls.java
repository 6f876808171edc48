package dev.selvage.links;

import dev.selvage.projects.Project;

/// Builds the URL in an email and the redirect URL in the application. Tokens, public tokens and slugs contain
/// no characters that need encoding.
final class LinkUrls {

    private LinkUrls() {}

    /// Returns path and query of the link in the email, with the parameters in the official order.
    ///
    /// @param slug slug of the organization; empty for none
    static String inMail(Project project, Link.Purpose purpose, String slug, String token) {
        return purpose.path() + "?public_token=" + project.publicToken() + "&" + parameter("slug", slug)
                + "stytch_token_type=" + purpose.tokenType() + "&token=" + token;
    }

    /// Returns the redirect URL with the token. Its own query and fragment are kept.
    ///
    /// @param slug slug of the organization; empty for none
    static String target(Project project, Link link, String slug, String token) {
        Link.Purpose purpose = link.purpose();
        String added = (purpose.isPasswordReset() ? parameter("public_token", project.publicToken()) : "")
                + parameter("slug", slug)
                + parameter("stytch_redirect_type", purpose.redirectType())
                + "stytch_token_type=" + purpose.tokenType() + "&token=" + token;
        String url = link.redirectUrl();
        int hash = url.indexOf('#');
        String base = hash < 0 ? url : url.substring(0, hash);
        String fragment = hash < 0 ? "" : url.substring(hash);
        int question = base.indexOf('?');
        String separator = question < 0 ? "?" : question == base.length() - 1 || base.endsWith("&") ? "" : "&";
        return base + separator + added + fragment;
    }

    private static String parameter(String name, String value) {
        return value.isEmpty() ? "" : name + "=" + value + "&";
    }
}
