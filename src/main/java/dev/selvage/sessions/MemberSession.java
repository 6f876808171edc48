package dev.selvage.sessions;

import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import java.util.List;
import java.util.Map;

/// A session of a B2B project with its member and the member's organization.
public record MemberSession(Session session, Membership membership) implements SessionWithSubject<MemberSession> {

    /// The JWT claim with the organization (`sdk-facts.md` 5).
    public static final String ORGANIZATION_CLAIM = "https://stytch.com/organization";

    public Member member() {
        return membership.member();
    }

    public Organization organization() {
        return membership.organization();
    }

    @Override
    public MemberSession with(Session changed) {
        return new MemberSession(changed, membership);
    }

    /// The roles of the member; none for the sandbox session (`semantics.md` 14).
    @Override
    public List<String> roles() {
        return SandboxSession.is(session) ? List.of() : membership.roleIds();
    }

    @Override
    public Map<String, Object> subjectClaims() {
        return Map.of(
                ORGANIZATION_CLAIM,
                Map.of(
                        "organization_id",
                        organization().id(),
                        "slug",
                        organization().slug()));
    }
}
