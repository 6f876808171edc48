package dev.selvage.signin;

import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.sessions.IntermediateSession;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Sessions;
import java.util.List;

/// Where the sign-in of a member has come to: a session, or an intermediate session and what is missing.
public sealed interface MemberSignInOutcome {

    /// The member, with the organization.
    Membership membership();

    /// The member has a session.
    record Complete(Sessions.Issued<MemberSession> issued) implements MemberSignInOutcome {

        @Override
        public Membership membership() {
            return issued.sessionWithSubject().membership();
        }
    }

    /// Something is missing.
    sealed interface Incomplete extends MemberSignInOutcome {

        /// Keeps what was proven so far.
        IntermediateSession collected();
    }

    /// A second factor is missing.
    ///
    /// @param codeSent whether a code was sent to the member's phone
    record SecondFactorRequired(Membership membership, IntermediateSession collected, boolean codeSent)
            implements Incomplete {}

    /// Another primary factor is missing.
    ///
    /// @param allowed the ways to sign in by which the organization lets the member in
    record OtherPrimaryRequired(Membership membership, IntermediateSession collected, List<AuthMethod> allowed)
            implements Incomplete {}
}
