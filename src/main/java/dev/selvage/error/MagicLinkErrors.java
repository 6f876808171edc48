package dev.selvage.error;

/// Refusals of magic links.
public enum MagicLinkErrors implements ErrorType {
    MAGIC_LINK_NOT_FOUND(404, "The magic link could not be authenticated, try sending another magic link to the user."),
    UNABLE_TO_AUTH_MAGIC_LINK(
            401,
            "The magic link could not be authenticated because it was either already used or expired. Send "
                    + "another magic link to this user."),
    INVALID_EXPIRATION(400, "The expiration must be between 5 and 10080 minutes."),
    INVALID_LOGIN_MAGIC_LINK_URL(400, "login_magic_link_url format is invalid."),
    INVALID_SIGNUP_MAGIC_LINK_URL(400, "signup_magic_link_url format is invalid."),
    INVALID_INVITE_MAGIC_LINK_URL(400, "invite_magic_link_url format is invalid."),
    NO_MATCH_FOR_PROVIDED_MAGIC_LINK_URL(
            400, "The URL in the request is not a redirect URL of this project for this use."),
    ;

    private final int status;
    private final String message;

    MagicLinkErrors(int status, String message) {
        this.status = status;
        this.message = message;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String message() {
        return message;
    }
}
