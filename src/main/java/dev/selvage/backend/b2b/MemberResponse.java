package dev.selvage.backend.b2b;

import dev.selvage.members.Membership;

/// The common fields of most responses about a member.
public record MemberResponse(String memberId, MemberBody member, OrganizationBody organization) {

    public static MemberResponse of(Membership membership) {
        return new MemberResponse(
                membership.member().id(), MemberBody.of(membership), OrganizationBody.of(membership.organization()));
    }
}
