package dev.selvage.signin;

import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.IntermediateSession;
import dev.selvage.sessions.MemberSession;
import java.util.List;

/// Selects the factors of another session that are valid for a member.
public final class ValidFactors {

    private ValidFactors() {}

    /// Returns the factors of an intermediate session that are valid for a member. All are valid if they were
    /// proven for that member; otherwise those that transfer between members of one address.
    public static List<Factor> of(IntermediateSession collected, Membership membership) {
        return collected.memberId().filter(membership.member().id()::equals).isPresent()
                ? collected.factors()
                : transferable(collected.factors(), membership);
    }

    /// Returns the factors of a session that are valid for a member. All are valid if it is the member's own
    /// session; otherwise those that transfer between members of one address.
    public static List<Factor> of(MemberSession running, Membership membership) {
        List<Factor> factors = running.session().factors();
        return running.member().id().equals(membership.member().id()) ? factors : transferable(factors, membership);
    }

    /// Returns the factors of an intermediate session that are valid for a new member with its address: the
    /// proofs of the address.
    public static List<Factor> ofNewcomer(IntermediateSession collected) {
        return collected.factors().stream()
                .filter(factor -> factor.provesEmail(collected.emailAddress().value()))
                .toList();
    }

    /// The factors of another member, or of a discovery flow, that are valid for a member: the proofs of the
    /// member's own address, and the password of the address if passwords belong to addresses. Passwords of one
    /// member, second factors and factors that are registered for one organization do not transfer
    /// (`semantics.md` 5.1, `open-questions.md` 29, 30). A password is not valid for a member without one,
    /// because the organization may require another method.
    private static List<Factor> transferable(List<Factor> factors, Membership membership) {
        Member.Email email = membership.member().email();
        return factors.stream()
                .filter(factor -> factor.transfersWith(email.address().value()))
                .filter(factor -> !factor.isPassword()
                        || !membership.member().passwordId().isEmpty())
                .map(factor -> factor.forEmail(email.id()))
                .toList();
    }
}
