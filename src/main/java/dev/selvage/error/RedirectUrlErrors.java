package dev.selvage.error;

/// Refusals of redirect URLs.
public enum RedirectUrlErrors implements ErrorType {
    INVALID_LOGIN_REDIRECT_URL(400, "login_redirect_url format is invalid."),
    INVALID_SIGNUP_REDIRECT_URL(400, "signup_redirect_url format is invalid."),
    INVALID_INVITE_REDIRECT_URL(400, "invite_redirect_url format is invalid."),
    INVALID_DISCOVERY_REDIRECT_URL(400, "discovery_redirect_url format is invalid."),
    NO_LOGIN_REDIRECT_URLS_SET(400, "This project has no login redirect URL."),
    NO_DEFAULT_LOGIN_REDIRECT_URL_SET(
            400, "This project has no default login redirect URL, so the request must name one."),
    NO_SIGNUP_REDIRECT_URLS_SET(400, "This project has no signup redirect URL."),
    NO_DEFAULT_SIGNUP_REDIRECT_URL_SET(
            400, "This project has no default signup redirect URL, so the request must name one."),
    NO_INVITE_REDIRECT_URLS_SET(400, "This project has no invite redirect URL."),
    NO_DEFAULT_INVITE_REDIRECT_URL_SET(
            400, "This project has no default invite redirect URL, so the request must name one."),
    NO_DISCOVERY_REDIRECT_URLS_SET(400, "This project has no discovery redirect URL."),
    NO_DEFAULT_DISCOVERY_REDIRECT_URL_SET(
            400, "This project has no default discovery redirect URL, so the request must name one."),
    ;

    private final int status;
    private final String message;

    RedirectUrlErrors(int status, String message) {
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
