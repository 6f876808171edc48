package dev.selvage.links;

import dev.selvage.sessions.Attributes;

/// A link whose token proves something once: who may prove what with it, and where it leads.
///
/// @param subjectId the user or member whom it signs in; empty for a link of a discovery flow, which proves an
///         address alone
/// @param methodId what it proves: the id of the email address it is sent to; for [Purpose#EMBEDDABLE] an id of
///                      its own
/// @param emailAddress  which address it proves; empty where the method id alone tells it
/// @param redirectUrl   where it leads, one that the project allows; empty for [Purpose#EMBEDDABLE]
/// @param codeChallenge of PKCE; empty when the flow began without
/// @param attributes    of the call that made it
/// @param expiresAt     from then on it is refused, in milliseconds
public record Link(
        Purpose purpose,
        String subjectId,
        String methodId,
        String emailAddress,
        String redirectUrl,
        String codeChallenge,
        Attributes attributes,
        long expiresAt) {

    public static final String MAGIC_LINK_PAGE = "/v1/magic_links/redirect";
    public static final String PASSWORD_PAGE = "/v1/passwords/redirect";

    /// What a link is for. Its name is the `purpose` of a `links` row.
    public enum Purpose {
        /// Signs an active user in.
        LOGIN(MAGIC_LINK_PAGE, "magic_links", ""),
        /// Signs a new or pending user in.
        SIGNUP(MAGIC_LINK_PAGE, "magic_links", ""),
        /// Signs an invited user in.
        INVITE(MAGIC_LINK_PAGE, "magic_links", ""),
        /// Signs a user in; the application delivers it itself, so it has no page of its own.
        EMBEDDABLE("", "magic_links", ""),
        /// Lets the user set a password.
        RESET_PASSWORD(PASSWORD_PAGE, "reset_password", ""),
        /// Signs the user in from the mail that offers a new password, without setting one.
        RESET_LOGIN(MAGIC_LINK_PAGE, "login", ""),
        /// Signs an active member in.
        MEMBER_LOGIN(MAGIC_LINK_PAGE, "multi_tenant_magic_links", ""),
        /// Signs a new, pending or invited member in.
        MEMBER_SIGNUP(MAGIC_LINK_PAGE, "multi_tenant_magic_links", ""),
        /// Signs a member in whom the organization invited.
        MEMBER_INVITE(MAGIC_LINK_PAGE, "multi_tenant_magic_links", ""),
        /// Signs a member in by the address that the member wants to change to.
        MEMBER_EMAIL_UPDATE(MAGIC_LINK_PAGE, "multi_tenant_magic_links", ""),
        /// Lets a member set a password.
        MEMBER_RESET_PASSWORD(PASSWORD_PAGE, "multi_tenant_passwords", ""),
        /// Signs a member in from the mail that offers a new password, without setting one.
        MEMBER_RESET_LOGIN(MAGIC_LINK_PAGE, "multi_tenant_magic_links", ""),
        /// Proves an address, by which its holder then finds organizations.
        DISCOVERY(MAGIC_LINK_PAGE, "discovery", "login"),
        /// Lets whoever holds an address set the password of all members who have it.
        DISCOVERY_RESET_PASSWORD(PASSWORD_PAGE, "discovery", "reset_password"),
        /// Proves an address from the mail that offers a new password, without setting one.
        DISCOVERY_RESET_LOGIN(MAGIC_LINK_PAGE, "discovery", "login");

        private final String path;
        private final String tokenType;
        private final String redirectType;

        Purpose(String path, String tokenType, String redirectType) {
            this.path = path;
            this.tokenType = tokenType;
            this.redirectType = redirectType;
        }

        /// The page of this server that such a link in a mail points to.
        String path() {
            return path;
        }

        /// The `stytch_token_type` by which an application knows what to do with the token.
        String tokenType() {
            return tokenType;
        }

        /// The `stytch_redirect_type`, which tells the links of discovery flows apart; empty for all others.
        String redirectType() {
            return redirectType;
        }

        /// Whether the mail belongs to a password reset: only its links tell the application the public token
        /// (official page "redirect URLs").
        boolean ofReset() {
            return switch (this) {
                case RESET_PASSWORD,
                        RESET_LOGIN,
                        MEMBER_RESET_PASSWORD,
                        MEMBER_RESET_LOGIN,
                        DISCOVERY_RESET_PASSWORD,
                        DISCOVERY_RESET_LOGIN -> true;
                case LOGIN,
                        SIGNUP,
                        INVITE,
                        EMBEDDABLE,
                        MEMBER_LOGIN,
                        MEMBER_SIGNUP,
                        MEMBER_INVITE,
                        MEMBER_EMAIL_UPDATE,
                        DISCOVERY -> false;
            };
        }
    }
}
