package dev.selvage.error;

/// Refusals of the credentials and the project of a request.
public enum ProjectErrors implements ErrorType {
    INVALID_PROJECT_ID_AUTHENTICATION(400, "The project_id in the Authorization header is malformed."),
    INVALID_SECRET_AUTHENTICATION(400, "The secret in the Authorization header is malformed."),
    UNAUTHORIZED_CREDENTIALS(401, "Unauthorized credentials."),
    INVALID_B2B_ENDPOINT(400, "This endpoint is only available to B2B projects."),
    INVALID_CONSUMER_ENDPOINT(400, "This endpoint is only available to Consumer projects."),
    INVALID_PROJECT_ID(400, "project_id format is invalid."),
    PROJECT_NOT_FOUND(404, "Project could not be found."),
    LIVE_ID_USED_IN_TEST_ENVIRONMENT(400, "An id of the live environment was used in the test environment."),
    TEST_ID_USED_IN_LIVE_ENVIRONMENT(400, "An id of the test environment was used in the live environment."),
    ;

    private final int status;
    private final String message;

    ProjectErrors(int status, String message) {
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
