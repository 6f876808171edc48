package dev.selvage.organizations;

/// The members that most answers about a member have.
public record MemberAnswer(String memberId, MemberBody member, OrganizationBody organization) {

    public static MemberAnswer of(Membership membership) {
        return new MemberAnswer(
                membership.member().id(), MemberBody.of(membership), OrganizationBody.of(membership.organization()));
    }
}
