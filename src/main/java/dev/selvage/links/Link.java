package dev.selvage.links;

import dev.selvage.sessions.Attributes;
import org.jspecify.annotations.Nullable;

/// A link with a single-use token: the subject and the method that the token proves, and the redirect URL.
///
/// @param subjectId     user or member that the link signs in; empty in a discovery flow, which proves the
///                      address only
/// @param methodId      id of the email address to which the link is sent; for [Purpose#EMBEDDABLE], the id of
///                      the link
/// @param emailAddress  address that the link proves; empty if the method id identifies it
/// @param redirectUrl   an allowed redirect URL of the project; empty for [Purpose#EMBEDDABLE]
/// @param codeChallenge null for a flow without PKCE
/// @param attributes    client attributes of the call that created the link
/// @param expiresAt     expiry in milliseconds
public record Link(
        Purpose purpose,
        String subjectId,
        String methodId,
        String emailAddress,
        String redirectUrl,
        @Nullable CodeChallenge codeChallenge,
        Attributes attributes,
        long expiresAt) {

    public static final String MAGIC_LINK_PAGE = "/v1/magic_links/redirect";
    public static final String PASSWORD_PAGE = "/v1/passwords/redirect";

    /// The purpose of a link. The constant is the `purpose` of a `links` row.
    public enum Purpose {
        /// Signs an active user in.
        LOGIN(MAGIC_LINK_PAGE, "magic_links", ""),
        /// Signs a new or pending user in.
        SIGNUP(MAGIC_LINK_PAGE, "magic_links", ""),
        /// Signs an invited user in.
        INVITE(MAGIC_LINK_PAGE, "magic_links", ""),
        /// Signs a user in. The application delivers the token itself, so the link has no page.
        EMBEDDABLE("", "magic_links", ""),
        /// Lets the user set a password.
        RESET_PASSWORD(PASSWORD_PAGE, "reset_password", ""),
        /// Signs the user in from the email of a password reset, without a new password.
        RESET_LOGIN(MAGIC_LINK_PAGE, "login", ""),
        /// Signs an active member in.
        MEMBER_LOGIN(MAGIC_LINK_PAGE, "multi_tenant_magic_links", ""),
        /// Signs a new, pending or invited member in.
        MEMBER_SIGNUP(MAGIC_LINK_PAGE, "multi_tenant_magic_links", ""),
        /// Signs an invited member in.
        MEMBER_INVITE(MAGIC_LINK_PAGE, "multi_tenant_magic_links", ""),
        /// Signs a member in and completes a change to a new address.
        MEMBER_EMAIL_UPDATE(MAGIC_LINK_PAGE, "multi_tenant_magic_links", ""),
        /// Lets a member set a password.
        MEMBER_RESET_PASSWORD(PASSWORD_PAGE, "multi_tenant_passwords", ""),
        /// Signs the member in from the email of a password reset, without a new password.
        MEMBER_RESET_LOGIN(MAGIC_LINK_PAGE, "multi_tenant_magic_links", ""),
        /// Proves an address for the discovery of organizations.
        DISCOVERY(MAGIC_LINK_PAGE, "discovery", "login"),
        /// Lets the owner of an address set the password of all members with the address.
        DISCOVERY_RESET_PASSWORD(PASSWORD_PAGE, "discovery", "reset_password"),
        /// Proves an address from the email of a password reset, without a new password.
        DISCOVERY_RESET_LOGIN(MAGIC_LINK_PAGE, "discovery", "login");

        private final String path;
        private final String tokenType;
        private final String redirectType;

        Purpose(String path, String tokenType, String redirectType) {
            this.path = path;
            this.tokenType = tokenType;
            this.redirectType = redirectType;
        }

        /// The path on this server to which the link in an email points.
        String path() {
            return path;
        }

        /// The `stytch_token_type`, from which an application selects the call for the token.
        String tokenType() {
            return tokenType;
        }

        /// The `stytch_redirect_type`, which distinguishes the links of discovery flows; empty for other links.
        String redirectType() {
            return redirectType;
        }

        /// Whether the email belongs to a password reset. Only the links of such emails pass the public token
        /// to the application (official page "redirect URLs").
        boolean isPasswordReset() {
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
