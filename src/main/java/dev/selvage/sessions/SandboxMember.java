package dev.selvage.sessions;

import dev.selvage.base.Json;
import dev.selvage.organizations.Member;
import dev.selvage.organizations.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings;
import java.util.List;

/// The organization and its one member that every B2B test project seems to have and none stores (`semantics.md` 14). The
/// member has the address and the session of [SandboxSession].
public final class SandboxMember {

    public static final String ORGANIZATION_ID = "organization-test-007d9d4a-deac-4a87-ba0a-e6e8afba4d4b";
    public static final String MEMBER_ID = "member-test-32fc5024-9c09-4da3-bd2e-c9ce4da9375f";

    private SandboxMember() {
    }

    /// The member in the organization.
    public static Membership membership() {
        long createdAt = SandboxSession.startedAt();
        Organization organization = new Organization(ORGANIZATION_ID, "Sandbox", "sandbox", null, OrganizationSettings.DEFAULT,
                List.of(), Json.object(), createdAt, createdAt);
        return new Membership(organization, new Member(MEMBER_ID, ORGANIZATION_ID, Member.Status.ACTIVE, "",
                new Member.Email(SandboxSession.EMAIL_ID, SandboxSession.EMAIL, true), List.of(), false, null, false, null,
                List.of(), "", "", Json.object(), Json.object(), null, null, 0, createdAt, createdAt));
    }

    /// The member's session as it is at `now`, in milliseconds.
    public static MemberSession at(long now) {
        return new MemberSession(SandboxSession.of(new Subject.OfMember(MEMBER_ID, ORGANIZATION_ID), now), membership());
    }
}
