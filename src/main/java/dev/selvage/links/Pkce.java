package dev.selvage.links;

import dev.selvage.base.Tokens;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.TokenErrors;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// PKCE (RFC 7636) with S256, the only supported method. A flow that starts with the hash of a secret can be
/// completed only with the secret.
public final class Pkce {

    /// SHA-256 in base64url without padding.
    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
    /// Source: RFC 7636, 4.1.
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

    private Pkce() {}

    /// Checks the challenge of a request and returns it; empty for none.
    ///
    /// @throws ApiError `invalid_pkce_code_challenge`
    public static String challenge(@Nullable String challenge) {
        if (challenge == null || challenge.isEmpty()) {
            return "";
        }
        Check.that(CHALLENGE.matcher(challenge).matches(), TokenErrors.INVALID_PKCE_CODE_CHALLENGE);
        return challenge;
    }

    static boolean isVerifier(String value) {
        return VERIFIER.matcher(value).matches();
    }

    /// Checks a verifier against a challenge. Compares in constant time.
    ///
    /// @param challenge empty if the flow started without one
    /// @param verifier  null for none
    /// @throws ApiError `pkce_expected_code_verifier`, `pkce_did_not_expect_code_verifier`, `pkce_mismatch`
    static void check(String challenge, @Nullable String verifier) {
        if (challenge.isEmpty()) {
            Check.that(verifier == null, TokenErrors.PKCE_DID_NOT_EXPECT_CODE_VERIFIER);
            return;
        }
        byte[] computed = Tokens.encode(Tokens.hash(Check.present(verifier, TokenErrors.PKCE_EXPECTED_CODE_VERIFIER)))
                .getBytes(StandardCharsets.US_ASCII);
        Check.that(
                MessageDigest.isEqual(challenge.getBytes(StandardCharsets.US_ASCII), computed),
                TokenErrors.PKCE_MISMATCH);
    }
}
