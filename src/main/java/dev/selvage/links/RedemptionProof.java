package dev.selvage.links;

import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.sessions.Attributes;

/// What whoever holds a token shows beside it, to prove to be the one whom the link was made for.
///
/// @param codeVerifier of PKCE; null when none was given
/// @param attributes   where the token is used, as the caller tells it
/// @param options      which of the attributes must be those of the call that made the link
public record RedemptionProof(String codeVerifier, Attributes attributes, Options options) {

    /// Which attributes must match.
    public record Options(boolean ipMatchRequired, boolean userAgentMatchRequired) {

        private static final Options NONE = new Options(false, false);
    }

    /// @throws ApiError `invalid_pkce_code_verifier`
    public RedemptionProof {
        codeVerifier = codeVerifier == null || codeVerifier.isEmpty() ? null : codeVerifier;
        Check.that(codeVerifier == null || Pkce.isVerifier(codeVerifier), ErrorType.INVALID_PKCE_CODE_VERIFIER);
        attributes = Attributes.orNone(attributes);
        options = options == null ? Options.NONE : options;
    }

    /// Refuses a holder who is not the one whom the link was made for. A match that is asked for of something
    /// that was never told is refused as well: it would prove nothing.
    ///
    /// @throws ApiError `pkce_expected_code_verifier`, `pkce_did_not_expect_code_verifier`, `pkce_mismatch`,
    ///                  `attribute_mismatch`
    void check(Link link) {
        Pkce.check(link.codeChallenge(), codeVerifier);
        Attributes made = link.attributes();
        Check.that(
                !options.ipMatchRequired || !made.ipAddress().isEmpty() && made.sameAddress(attributes),
                ErrorType.ATTRIBUTE_MISMATCH);
        Check.that(
                !options.userAgentMatchRequired
                        || !made.userAgent().isEmpty() && made.userAgent().equals(attributes.userAgent()),
                ErrorType.ATTRIBUTE_MISMATCH);
    }

    @Override
    public String toString() {
        return "Holder";
    }
}
