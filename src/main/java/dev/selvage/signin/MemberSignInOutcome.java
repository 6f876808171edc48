package dev.selvage.signin;

import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.sessions.IntermediateSession;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Sessions;
import java.util.List;

/// The outcome of a member's sign-in: a session, or an intermediate session and the missing step.
public sealed interface MemberSignInOutcome {

    /// The member with its organization.
    Membership membership();

    /// The member has a session.
    record Complete(Sessions.Issued<MemberSession> issued) implements MemberSignInOutcome {

        @Override
        public Membership membership() {
            return issued.sessionWithSubject().membership();
        }
    }

    /// A step is missing.
    sealed interface Incomplete extends MemberSignInOutcome {

        /// The intermediate session with the factors that were proven so far.
        IntermediateSession collected();
    }

    /// A second factor is missing.
    ///
    /// @param codeSent whether a code was sent to the member's phone
    record SecondFactorRequired(Membership membership, IntermediateSession collected, boolean codeSent)
            implements Incomplete {}

    /// Another primary factor is missing.
    ///
    /// @param allowed the authentication methods that complete the first step
    record OtherPrimaryRequired(Membership membership, IntermediateSession collected, List<AuthMethod> allowed)
            implements Incomplete {}
}
