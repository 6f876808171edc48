package dev.selvage.backend.b2b;

import dev.selvage.members.Membership;
import org.jspecify.annotations.Nullable;

/// The common fields of most responses about a member.
public record MemberResponse(
        @Nullable String memberId,
        @Nullable MemberBody member,
        @Nullable OrganizationBody organization) {

    public static MemberResponse of(Membership membership) {
        return new MemberResponse(
                membership.member().id(), MemberBody.of(membership), OrganizationBody.of(membership.organization()));
    }
}
