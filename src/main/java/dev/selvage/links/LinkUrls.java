package dev.selvage.links;

import dev.selvage.projects.Project;

/// The two addresses of a link: the one in the mail, and the one in the application that it leads to. Tokens,
/// public tokens and slugs are of characters that need no encoding.
final class LinkUrls {

    private LinkUrls() {}

    /// Path and query of the link in the mail, with the parameters in the official order.
    ///
    /// @param slug of the organization; empty when it belongs to none
    static String inMail(Project project, Link.Purpose purpose, String slug, String token) {
        return purpose.path() + "?public_token=" + project.publicToken() + "&" + parameter("slug", slug)
                + "stytch_token_type=" + purpose.tokenType() + "&token=" + token;
    }

    /// The application's address with the token. Its own query and fragment stay.
    ///
    /// @param slug of the organization; empty when it belongs to none
    static String target(Project project, Link link, String slug, String token) {
        Link.Purpose purpose = link.purpose();
        String added =
                (purpose.ofReset() ? parameter("public_token", project.publicToken()) : "") + parameter("slug", slug)
                        + parameter("stytch_redirect_type", purpose.redirectType())
                        + "stytch_token_type=" + purpose.tokenType() + "&token=" + token;
        String url = link.redirectUrl();
        int hash = url.indexOf('#');
        String front = hash < 0 ? url : url.substring(0, hash);
        String fragment = hash < 0 ? "" : url.substring(hash);
        int question = front.indexOf('?');
        String separator = question < 0 ? "?" : question == front.length() - 1 || front.endsWith("&") ? "" : "&";
        return front + separator + added + fragment;
    }

    private static String parameter(String name, String value) {
        return value.isEmpty() ? "" : name + "=" + value + "&";
    }
}
