package dev.selvage.sessions;

import dev.selvage.base.Json;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.organizations.SandboxOrganization;
import dev.selvage.subjects.SubjectStore;
import java.util.List;

/// The one member of [SandboxOrganization], with the address and the session of [SandboxSession]
/// (`semantics.md` 14).
public final class SandboxMember {

    public static final String MEMBER_ID = "member-test-32fc5024-9c09-4da3-bd2e-c9ce4da9375f";

    private SandboxMember() {}

    /// Returns the member with its organization.
    public static Membership membership() {
        long createdAt = SandboxSession.startedAt();
        return new Membership(
                SandboxOrganization.at(createdAt),
                new Member(
                        MEMBER_ID,
                        SandboxOrganization.ID,
                        Member.Status.ACTIVE,
                        new Member.Profile("", null, Json.object(), Json.object()),
                        new Member.Emails(
                                new Member.Email(SandboxSession.EMAIL_ID, new EmailAddress(SandboxSession.EMAIL), true),
                                List.of()),
                        Member.Mfa.NONE,
                        false,
                        List.of(),
                        "",
                        SubjectStore.Failures.NONE,
                        new Member.Timestamps(createdAt, createdAt)));
    }

    /// Returns the session of the member at `now`, in milliseconds.
    public static MemberSession at(long now) {
        return new MemberSession(
                SandboxSession.of(new Subject.Member(MEMBER_ID, SandboxOrganization.ID), now), membership());
    }
}
