package dev.selvage.links;

import dev.selvage.sessions.Attributes;

/// A link whose token proves something once: who may prove what with it, and where it leads.
///
/// @param subjectId     whom it signs in; empty for a link of a discovery flow, which proves an address alone
/// @param methodId      what it proves: the id of the email address it is sent to; for [Purpose#EMBEDDABLE] an id of
///                      its own
/// @param emailAddress  which address it proves, for links of B2B projects; empty for others
/// @param redirectUrl   where it leads, one that the project allows; empty for [Purpose#EMBEDDABLE]
/// @param codeChallenge of PKCE; empty when the flow began without
/// @param attributes    of the call that made it
/// @param expiresAt     from then on it is refused, in milliseconds
public record Link(Purpose purpose, String subjectId, String methodId, String emailAddress, String redirectUrl, String codeChallenge,
                   Attributes attributes, long expiresAt) {

    /// What a link is for. Its name is the `purpose` of a `links` row.
    public enum Purpose {
        /// Signs an active user in.
        LOGIN("/v1/magic_links/redirect", "magic_links"),
        /// Signs a new or pending user in.
        SIGNUP("/v1/magic_links/redirect", "magic_links"),
        /// Signs an invited user in.
        INVITE("/v1/magic_links/redirect", "magic_links"),
        /// Signs a user in; the application delivers it itself, so it has no page of its own.
        EMBEDDABLE("", "magic_links"),
        /// Lets the user set a password.
        RESET_PASSWORD("/v1/passwords/redirect", "reset_password"),
        /// Signs the user in from the mail that offers a new password, without setting one.
        RESET_LOGIN("/v1/magic_links/redirect", "login"),
        /// Signs a member in by the address that the member wants to change to.
        MEMBER_EMAIL_UPDATE("/v1/magic_links/redirect", "multi_tenant_magic_links");

        private final String path;
        private final String tokenType;

        Purpose(String path, String tokenType) {
            this.path = path;
            this.tokenType = tokenType;
        }

        /// The page of this server that such a link in a mail points to.
        String path() {
            return path;
        }

        /// The `stytch_token_type` by which an application knows what to do with the token.
        String tokenType() {
            return tokenType;
        }

        /// Whether the mail belongs to a password reset: only its links tell the application the public token
        /// (official page "redirect URLs").
        boolean ofReset() {
            return this == RESET_PASSWORD || this == RESET_LOGIN;
        }
    }
}
