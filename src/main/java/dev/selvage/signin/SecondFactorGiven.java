package dev.selvage.signin;

import dev.selvage.members.MemberBody;
import dev.selvage.organizations.OrganizationBody;
import dev.selvage.sessions.MemberSessionBody;

/// The members that the answer of every call with a second factor has: such a call completes the sign-in, or it
/// is refused.
public record SecondFactorGiven(
        String memberId,
        MemberBody member,
        OrganizationBody organization,
        String sessionToken,
        String sessionJwt,
        MemberSessionBody memberSession,
        Object memberDevice) {

    /// @param signedIn as [MemberSignIn#secondFactor] answers
    public static SecondFactorGiven of(MemberSignedIn signedIn) {
        return new SecondFactorGiven(
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
