package dev.selvage.error;

/// Refusals of the tokens of links with their PKCE verifiers, and of tokens and sessions of other services.
public enum TokenErrors implements ErrorType {
    MIGRATE_FROM_EXTERNAL_MISSING_USERINFO(400, "This project has no external userinfo endpoint."),
    MIGRATE_FROM_EXTERNAL_UNEXPECTED_RESPONSE(
            400, "The external userinfo endpoint did not return a verified email address."),
    MIGRATE_FROM_EXTERNAL_EMAIL_DOES_NOT_EXIST(
            400, "No user, or no member of the organization, has the email address of the external session."),
    TRUSTED_TOKEN_PROFILE_NOT_FOUND(404, "The trusted token profile could not be found."),
    TRUSTED_TOKEN_PROFILE_INCORRECT_EXTERNAL_ID_MAPPING(
            400,
            "The external id in the token belongs to another user or member, or the user or member in the "
                    + "token has a different external id."),
    INVALID_TRUSTED_AUTH_TOKEN(400, "The token could not be verified with the keys of the trusted token profile."),
    JWT_INVALID_ISSUER(400, "The issuer of the token does not match the trusted token profile."),
    JWT_INVALID_AUDIENCE(400, "The audience of the token does not match the trusted token profile."),
    JWT_INVALID_CLAIMS(
            400, "The token is expired, is not valid yet, or lacks a claim that the trusted token profile maps."),
    TOKEN_MISSING_ORGANIZATION_ID_CLAIM(
            400,
            "The token has no organization claim. The claim is required if the request names no organization "
                    + "or the trusted token profile creates members."),
    INVALID_TOKEN_ORGANIZATION_ID_CLAIM(
            400, "The organization in the token is unknown, or differs from the one in the request."),
    IDP_ACCESS_TOKEN_NOT_FOUND(404, "The access token could not be found."),
    INVALID_TOKEN(400, "Token format is invalid."),
    ATTRIBUTE_MISMATCH(401, "The attributes of this request do not match those that the link was created with."),
    INVALID_PKCE_CODE_CHALLENGE(
            400, "code_challenge must be the base64url encoded SHA-256 of a code_verifier, 43 characters."),
    INVALID_PKCE_CODE_VERIFIER(400, "code_verifier must have 43 to 128 characters: letters, digits and -._~ only."),
    PKCE_EXPECTED_CODE_VERIFIER(
            400,
            "This flow was started using a code_challenge but the authentication call is missing the "
                    + "corresponding code_verifier."),
    PKCE_DID_NOT_EXPECT_CODE_VERIFIER(
            400, "This flow was started without a code_challenge, so no code_verifier may be sent."),
    PKCE_MISMATCH(400, "The submitted code_verifier does not match the code_challenge sent at the start of the flow."),
    ;

    private final int status;
    private final String message;

    TokenErrors(int status, String message) {
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
