package dev.selvage.members;

import dev.selvage.error.Check;
import dev.selvage.error.SessionErrors;
import dev.selvage.members.Members.NewMember;
import dev.selvage.rbac.RequiredPermissions.Permission;
import dev.selvage.users.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The permissions that a member needs to write members. A field needs the same permission in every call that
/// writes it. Otherwise, a creation, an invitation or a reactivation could set what an update may not.
public final class MemberRights {

    private static final Permission CREATE = Permission.onMembersOnly("create");
    private static final Permission ROLES = Permission.onMembersOnly("update.settings.roles");
    private static final Permission BREAKGLASS = Permission.onMembersOnly("update.settings.is-breakglass");

    private MemberRights() {}

    /// Returns the permissions to create a member.
    ///
    /// @throws dev.selvage.error.ApiError as [#toWrite]
    public static List<Permission> toCreate(NewMember wanted) {
        List<Permission> needs = toWrite(
                wanted.name(),
                wanted.trustedMetadata(),
                wanted.untrustedMetadata(),
                wanted.breakglass(),
                wanted.phone(),
                wanted.mfaEnrolled(),
                wanted.roles(),
                wanted.externalId());
        needs.add(CREATE);
        return needs;
    }

    /// Returns the permissions to reactivate a deleted member, including those for the roles and privileges
    /// that the member gets back.
    ///
    /// @param deleted empty if no such member exists
    static List<Permission> toReactivate(Optional<Member> deleted) {
        List<Permission> needs = new ArrayList<>(List.of(CREATE));
        need(needs, deleted.filter(member -> !member.roles().isEmpty()).isPresent(), ROLES);
        need(needs, deleted.filter(Member::breakglass).isPresent(), BREAKGLASS);
        return needs;
    }

    /// Returns the permissions to write fields. A parameter is null if the call does not write that field.
    /// Source of the names: comments of the official SDKs.
    ///
    /// @throws dev.selvage.error.ApiError `session_authorization_error` for trusted metadata, which no session
    ///                                    of a member may write (`semantics.md` 7)
    public static List<Permission> toWrite(
            String name,
            JsonNode trustedMetadata,
            JsonNode untrustedMetadata,
            Boolean breakglass,
            String phone,
            Boolean mfaEnrolled,
            List<String> roles,
            String externalId) {
        Check.that(!Metadata.given(trustedMetadata), SessionErrors.SESSION_AUTHORIZATION_ERROR);
        List<Permission> needs = new ArrayList<>();
        need(needs, name != null, Permission.onMember("update.info.name"));
        need(needs, Metadata.given(untrustedMetadata), Permission.onMember("update.info.untrusted-metadata"));
        need(needs, breakglass != null, BREAKGLASS);
        need(needs, phone != null, Permission.onMember("update.info.mfa-phone"));
        need(needs, mfaEnrolled != null, Permission.onMember("update.settings.mfa-enrolled"));
        need(needs, roles != null, ROLES);
        need(needs, Check.given(externalId) > 0, Permission.onMembersOnly("update.info.external-id"));
        return needs;
    }

    private static void need(List<Permission> needs, boolean written, Permission permission) {
        if (written) {
            needs.add(permission);
        }
    }
}
