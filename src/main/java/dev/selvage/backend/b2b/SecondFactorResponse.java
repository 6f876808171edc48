package dev.selvage.backend.b2b;

import dev.selvage.signin.MemberSignInOutcome;
import org.jspecify.annotations.Nullable;

/// The common fields of all responses to a second factor. Such a call completes the sign-in or is refused.
public record SecondFactorResponse(
        String memberId,
        MemberBody member,
        OrganizationBody organization,
        String sessionToken,
        String sessionJwt,
        @Nullable MemberSessionBody memberSession,
        @Nullable Object memberDevice) {

    public static SecondFactorResponse of(MemberSignInOutcome outcome) {
        SignInResponse signedIn = SignInResponse.of(outcome);
        return new SecondFactorResponse(
                signedIn.memberId(),
                signedIn.member(),
                signedIn.organization(),
                signedIn.sessionToken(),
                signedIn.sessionJwt(),
                signedIn.memberSession(),
                null);
    }

    /// Without the tokens.
    @Override
    public String toString() {
        return memberId;
    }
}
