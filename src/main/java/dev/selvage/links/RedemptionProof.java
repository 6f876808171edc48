package dev.selvage.links;

import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.TokenErrors;
import dev.selvage.sessions.Attributes;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The PKCE verifier and client attributes that must match the ones the link was created with.
///
/// @param codeVerifier PKCE verifier; null for none
/// @param attributes   client attributes that the caller reports
/// @param options      attributes that must equal those of the call that created the link
public record RedemptionProof(@Nullable String codeVerifier, Attributes attributes, Options options) {

    /// Source: RFC 7636, 4.1.
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

    /// Which attributes must match.
    public record Options(boolean ipMatchRequired, boolean userAgentMatchRequired) {

        private static final Options NONE = new Options(false, false);
    }

    /// @throws ApiError `invalid_pkce_code_verifier`
    public RedemptionProof {
        codeVerifier = Check.isGiven(codeVerifier) ? codeVerifier : null;
        Check.that(
                codeVerifier == null || VERIFIER.matcher(codeVerifier).matches(),
                TokenErrors.INVALID_PKCE_CODE_VERIFIER);
    }

    /// The proof of a call, each part null where the call does not give it.
    ///
    /// @throws ApiError `invalid_pkce_code_verifier`
    public static RedemptionProof of(
            @Nullable String codeVerifier, @Nullable Attributes attributes, @Nullable Options options) {
        return new RedemptionProof(
                codeVerifier, Attributes.orNone(attributes), options == null ? Options.NONE : options);
    }

    /// The proof of a call that gives a code verifier at most.
    ///
    /// @throws ApiError `invalid_pkce_code_verifier`
    public static RedemptionProof of(@Nullable String codeVerifier) {
        return of(codeVerifier, null, null);
    }

    /// Checks the proof against a link. A required match with an attribute that the link does not have is
    /// refused, because it would prove nothing.
    ///
    /// @throws ApiError `pkce_expected_code_verifier`, `pkce_did_not_expect_code_verifier`, `pkce_mismatch`,
    ///                  `attribute_mismatch`
    void check(Link link) {
        CodeChallenge.check(link.codeChallenge(), codeVerifier);
        Attributes required = link.attributes();
        Check.that(
                !options.ipMatchRequired || !required.ipAddress().isEmpty() && required.sameAddress(attributes),
                TokenErrors.ATTRIBUTE_MISMATCH);
        Check.that(
                !options.userAgentMatchRequired
                        || !required.userAgent().isEmpty()
                                && required.userAgent().equals(attributes.userAgent()),
                TokenErrors.ATTRIBUTE_MISMATCH);
    }

    @Override
    public String toString() {
        return "RedemptionProof";
    }
}
