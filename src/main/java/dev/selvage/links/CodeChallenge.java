package dev.selvage.links;

import dev.selvage.base.Tokens;
import dev.selvage.error.Check;
import dev.selvage.error.TokenErrors;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.util.StdConverter;

/// The challenge of PKCE (RFC 7636): the SHA-256 of a secret, the code verifier. A flow that starts with a
/// challenge can be completed only with its verifier. S256 is the only supported method.
///
/// @param value SHA-256 in base64url without padding, 43 characters
@JsonDeserialize(converter = CodeChallenge.OfText.class)
public record CodeChallenge(String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");

    /// @throws dev.selvage.error.ApiError `invalid_pkce_code_challenge`
    public CodeChallenge {
        Check.that(FORM.matcher(value).matches(), TokenErrors.INVALID_PKCE_CODE_CHALLENGE);
    }

    /// The challenge of a request or of the store; null for an empty text.
    static @Nullable CodeChallenge ofText(String text) {
        return text.isEmpty() ? null : new CodeChallenge(text);
    }

    /// Checks a verifier against the challenge of a flow. Compares in constant time.
    ///
    /// @param challenge null if the flow started without one
    /// @param verifier  null if the request has none
    /// @throws dev.selvage.error.ApiError `pkce_expected_code_verifier`, `pkce_did_not_expect_code_verifier`,
    ///         `pkce_mismatch`
    static void check(@Nullable CodeChallenge challenge, @Nullable String verifier) {
        if (challenge == null) {
            Check.that(verifier == null, TokenErrors.PKCE_DID_NOT_EXPECT_CODE_VERIFIER);
            return;
        }
        String computed = Tokens.encode(Tokens.hash(Check.present(verifier, TokenErrors.PKCE_EXPECTED_CODE_VERIFIER)));
        Check.that(
                MessageDigest.isEqual(
                        challenge.value.getBytes(StandardCharsets.US_ASCII),
                        computed.getBytes(StandardCharsets.US_ASCII)),
                TokenErrors.PKCE_MISMATCH);
    }

    static final class OfText extends StdConverter<String, @Nullable CodeChallenge> {

        @Override
        public @Nullable CodeChallenge convert(String text) {
            return ofText(text);
        }
    }
}
