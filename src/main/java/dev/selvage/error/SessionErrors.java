package dev.selvage.error;

/// Refusals of sessions, intermediate sessions and their claims, and of what a session may do.
public enum SessionErrors implements ErrorType {
    TOO_MANY_SESSION_ARGUMENTS(
            400, "Please provide only one of session_token, session_jwt or intermediate_session_token."),
    NO_SESSION_ARGUMENTS(400, "Please provide one of session_token or session_jwt."),
    TOO_MANY_SESSION_REVOKE_ARGUMENTS(400, "Please name only one session, or one member, to revoke."),
    NO_SESSION_REVOKE_ARGUMENTS(400, "Please name a session to revoke: by its id, a session_token or a session_jwt."),
    INVALID_SESSION_ID(400, "session_id format is invalid."),
    INVALID_SESSION_TOKEN(400, "session_token format is invalid."),
    UNABLE_TO_PARSE_SESSION_JWT(400, "The session JWT could not be parsed."),
    SESSION_NOT_FOUND(404, "Session could not be found."),
    INVALID_SESSION_DURATION_MINUTES(400, "session_duration_minutes must be between 5 and 527040."),
    INVALID_SESSION_DURATION(400, "session_duration_minutes is longer than this project allows."),
    STYTCH_CLAIMS_IN_CUSTOM_CLAIMS(400, "session_custom_claims may not name a claim under https://stytch.com/."),
    RESERVED_CLAIMS_IN_CUSTOM_CLAIMS(400, "session_custom_claims may not name a registered JWT claim."),
    CUSTOM_CLAIMS_TOO_LARGE(400, "Custom claims may not be larger than four kilobytes."),
    CONSUMER_SESSION_AUTHORIZATION_ERROR(
            403, "The user is not authorized to perform the requested action on that resource."),
    INTERMEDIATE_SESSION_NOT_FOUND(404, "Intermediate session could not be found."),
    SESSION_AUTHORIZATION_ERROR(403, "The Member is not authorized to perform the requested action on that resource."),
    SESSION_AUTHORIZATION_TENANCY_ERROR(
            403, "The Member belongs to a different organization than the one in the request."),
    ACTION_AVAILABLE_ONLY_ONCE_PRIMARY_AUTHENTICATION_IS_MET(
            400,
            "You must complete the primary authentication requirements for an organization before completing "
                    + "an MFA flow."),
    INVALID_INTERMEDIATE_SESSION_TOKEN_FOR_ORGANIZATION(
            400, "The intermediate session has no factor that another organization accepts."),
    INSUFFICIENT_FACTORS_FOR_SESSION_EXCHANGE(400, "The session has no factor that another organization accepts."),
    SESSION_TOO_OLD_TO_RESET_PASSWORD(
            400,
            "The provided session cannot be used to reset a password. It does not have an "
                    + "authentication_factor that was authenticated within the last 5 minutes. Please prompt the user "
                    + "to authenticate again before retrying the endpoint."),
    ;

    private final int status;
    private final String message;

    SessionErrors(int status, String message) {
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
