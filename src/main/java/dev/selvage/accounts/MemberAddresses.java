package dev.selvage.accounts;

import dev.selvage.accounts.PriorAccess.Event;
import dev.selvage.accounts.PriorAccess.KeptSessions;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.members.Member;
import dev.selvage.members.MemberEmails;
import dev.selvage.members.Members;
import dev.selvage.members.Membership;
import dev.selvage.projects.Project;

/// Verifies and changes the email addresses of members, and revokes prior access ([PriorAccess]). Call the
/// methods in a transaction, which they join.
public final class MemberAddresses {

    private final Members members;
    private final MemberEmails emails;
    private final PriorAccess priorAccess;

    public MemberAddresses(Members members, MemberEmails emails, PriorAccess priorAccess) {
        this.members = members;
        this.emails = emails;
        this.priorAccess = priorAccess;
    }

    /// Records in the transaction of a sign-in that the member owns the current address (see
    /// [Members#verifyEmail]). The first proof revokes prior access.
    ///
    /// @param kept the session or intermediate session that gains the proof
    /// @throws dev.selvage.error.ApiError `member_not_found`
    public Membership prove(Project project, String memberId, KeptSessions kept) {
        boolean first =
                !members.getForUpdate(project, memberId).member().email().verified();
        Membership verified = members.verifyEmail(project, memberId);
        return first ? revokePriorAccess(project, verified, Event.FIRST_PROOF, kept) : verified;
    }

    /// As [#prove(Project, String, KeptSessions)], by a link or code that was sent to an address.
    ///
    /// @param emailId the id of the address
    /// @param outdated the refusal if the member has another address by now
    /// @return the verified address
    /// @throws dev.selvage.error.ApiError `member_not_found`, `outdated`
    public Member.Email prove(Project project, String memberId, String emailId, KeptSessions kept, ErrorType outdated) {
        Check.that(members.getForUpdate(project, memberId).member().email().id().equals(emailId), outdated);
        return prove(project, memberId, kept).member().email();
    }

    /// Completes in the transaction of a sign-in the change to an address that the member has proven.
    ///
    /// @param kept as in [#prove(Project, String, KeptSessions)]
    /// @return the new address
    /// @throws dev.selvage.error.ApiError those of [MemberEmails#finishUpdate]
    public Member.Email finishUpdate(Project project, String memberId, String emailId, KeptSessions kept) {
        return revokePriorAccess(project, emails.finishUpdate(project, memberId, emailId), Event.CHANGED, kept)
                .member()
                .email();
    }

    /// Replaces the address of a member by an unverified one and revokes prior access. Does nothing if it is
    /// the current address.
    ///
    /// @param unlink whether the previous address is deleted, so that others can use it
    /// @throws dev.selvage.error.ApiError those of [MemberEmails#replace]
    public Membership replace(Project project, String memberId, EmailAddress address, boolean unlink) {
        Membership before = members.getForUpdate(project, memberId);
        return address.equals(before.member().email().address())
                ? before
                : revokePriorAccess(
                        project, emails.replace(project, memberId, address, unlink), Event.REPLACED, KeptSessions.NONE);
    }

    private Membership revokePriorAccess(Project project, Membership membership, Event event, KeptSessions kept) {
        Member member = membership.member();
        priorAccess.revoke(project, member.id(), member.email().id(), event, kept);
        return event == Event.CHANGED ? membership : members.deleteVerifiedPhone(project, member.id());
    }
}
