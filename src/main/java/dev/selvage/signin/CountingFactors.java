package dev.selvage.signin;

import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.IntermediateSession;
import dev.selvage.sessions.MemberSession;
import java.util.List;

/// Which of the factors that were proven elsewhere count for a member.
public final class CountingFactors {

    private CountingFactors() {}

    /// Those factors of an intermediate session that count for a member: all when they were proven for that
    /// member, otherwise those that travel.
    public static List<Factor> of(IntermediateSession collected, Membership membership) {
        return collected.memberId().equals(membership.member().id())
                ? collected.factors()
                : travelling(collected.factors(), membership);
    }

    /// Those factors of a session that count for a member: all when it is the member's own, otherwise those
    /// that travel.
    public static List<Factor> of(MemberSession running, Membership membership) {
        List<Factor> factors = running.session().factors();
        return running.member().id().equals(membership.member().id()) ? factors : travelling(factors, membership);
    }

    /// Those factors of an intermediate session that count for somebody who would become a member by its
    /// address.
    public static List<Factor> ofNewcomer(IntermediateSession collected) {
        return collected.factors().stream()
                .filter(factor -> factor.provesEmail(collected.emailAddress()))
                .toList();
    }

    /// Those factors of another member, or of nobody yet, that count for a member: the proofs of the member's
    /// own address, and the password of the address where passwords belong to addresses. Passwords of one
    /// member, second factors and what was registered for one organization stay where they are (`semantics.md`
    /// 5.1, `open-questions.md` 29, 30), and no password counts for a member who has none: the organization may
    /// have required another one.
    private static List<Factor> travelling(List<Factor> factors, Membership membership) {
        Member.Email email = membership.member().email();
        return factors.stream()
                .filter(factor -> factor.travelsWith(email.address()))
                .filter(factor -> !factor.isPassword()
                        || !membership.member().passwordId().isEmpty())
                .map(factor -> factor.forEmail(email.id()))
                .toList();
    }
}
