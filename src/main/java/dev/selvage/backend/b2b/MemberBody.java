package dev.selvage.backend.b2b;

import dev.selvage.base.Times;
import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.subjects.SubjectStore;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The Member object. Fields that the SDKs require are never null (`sdk-facts.md` 10). The fields of SSO, OAuth
/// and SCIM are empty.
public record MemberBody(
        String organizationId,
        String memberId,
        String emailAddress,
        String status,
        String name,
        List<Object> ssoRegistrations,
        boolean isBreakglass,
        String memberPasswordId,
        List<Object> oauthRegistrations,
        boolean emailAddressVerified,
        boolean mfaPhoneNumberVerified,
        boolean isAdmin,
        String totpRegistrationId,
        List<RetiredEmail> retiredEmailAddresses,
        boolean isLocked,
        boolean mfaEnrolled,
        String mfaPhoneNumber,
        String defaultMfaMethod,
        List<RoleBody> roles,
        ObjectNode trustedMetadata,
        ObjectNode untrustedMetadata,
        String createdAt,
        String updatedAt,
        @Nullable Object scimRegistration,
        @Nullable String externalId,
        @Nullable String lockCreatedAt,
        @Nullable String lockExpiresAt) {

    /// A former email address of the member.
    public record RetiredEmail(String emailId, String emailAddress) {}

    /// A role and the sources through which the member has it.
    public record RoleBody(String roleId, List<SourceBody> sources) {

        static RoleBody of(Membership.Role role) {
            return new RoleBody(
                    role.roleId(), role.sources().stream().map(SourceBody::of).toList());
        }
    }

    /// The MemberRoleSource object.
    ///
    /// @param type    `direct_assignment`, `email_assignment`
    /// @param details the values that distinguish two sources of one type
    public record SourceBody(String type, Map<String, String> details) {

        static SourceBody of(Membership.Source source) {
            return switch (source) {
                case Membership.Source.Direct direct -> new SourceBody("direct_assignment", Map.of());
                case Membership.Source.ByEmailDomain(String domain) ->
                    new SourceBody("email_assignment", Map.of("email_domain", domain));
            };
        }
    }

    /// Creates the object of a member.
    public static MemberBody of(Membership membership) {
        Member member = membership.member();
        SubjectStore.Lock lock = member.failures().lock();
        List<Membership.Role> roles = membership.roles();
        return new MemberBody(
                member.organizationId(),
                member.id(),
                member.email().address().value(),
                member.status().wireValue(),
                member.name(),
                List.of(),
                member.breakglass(),
                member.passwordId(),
                List.of(),
                member.email().verified(),
                member.mfaPhone().map(Member.Phone::verified).orElse(false),
                roles.stream().anyMatch(role -> role.roleId().equals(Member.ADMIN_ROLE)),
                member.mfa().totpId(),
                member.emails().retired().stream()
                        .map(email ->
                                new RetiredEmail(email.id(), email.address().value()))
                        .toList(),
                lock != null,
                member.mfa().enrolled(),
                member.mfaPhone().map(Member.Phone::number).orElse(""),
                member.mfa().method() == null ? "" : member.mfa().method().wireValue(),
                roles.stream().map(RoleBody::of).toList(),
                member.profile().trustedMetadata(),
                member.profile().untrustedMetadata(),
                Times.rfc3339(member.timestamps().createdAt()),
                Times.rfc3339(member.timestamps().updatedAt()),
                null,
                member.externalId(),
                lock == null ? null : Times.rfc3339(lock.createdAt()),
                lock == null ? null : Times.rfc3339(lock.expiresAt()));
    }
}
