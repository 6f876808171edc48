package dev.selvage.members;

import dev.selvage.contacts.PhoneNumber;
import dev.selvage.error.Check;
import dev.selvage.error.SessionErrors;
import dev.selvage.members.Members.NewMember;
import dev.selvage.rbac.RequiredPermissions.Permission;
import dev.selvage.users.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
    public static List<Permission> toCreate(NewMember newMember) {
        List<Permission> required = toWrite(
                newMember.name(),
                newMember.trustedMetadata(),
                newMember.untrustedMetadata(),
                newMember.breakglass(),
                newMember.phone(),
                newMember.mfaEnrolled(),
                newMember.roles(),
                newMember.externalId());
        required.add(CREATE);
        return required;
    }

    /// Returns the permissions to reactivate a deleted member, including those for the roles and privileges
    /// that the member gets back.
    ///
    /// @param deleted empty if no such member exists
    static List<Permission> toReactivate(Optional<Member> deleted) {
        List<Permission> required = new ArrayList<>(List.of(CREATE));
        addIf(required, deleted.filter(member -> !member.roles().isEmpty()).isPresent(), ROLES);
        addIf(required, deleted.filter(Member::breakglass).isPresent(), BREAKGLASS);
        return required;
    }

    /// Returns the permissions to write fields. A parameter is null if the call does not write that field.
    /// Source of the names: comments of the official SDKs.
    ///
    /// @throws dev.selvage.error.ApiError `session_authorization_error` for trusted metadata, which no session
    ///                                    of a member may write (`semantics.md` 7)
    public static List<Permission> toWrite(
            @Nullable String name,
            @Nullable JsonNode trustedMetadata,
            @Nullable JsonNode untrustedMetadata,
            @Nullable Boolean breakglass,
            @Nullable PhoneNumber phone,
            @Nullable Boolean mfaEnrolled,
            @Nullable List<String> roles,
            @Nullable String externalId) {
        Check.that(!Metadata.given(trustedMetadata), SessionErrors.SESSION_AUTHORIZATION_ERROR);
        List<Permission> required = new ArrayList<>();
        addIf(required, name != null, Permission.onMember("update.info.name"));
        addIf(required, Metadata.given(untrustedMetadata), Permission.onMember("update.info.untrusted-metadata"));
        addIf(required, breakglass != null, BREAKGLASS);
        addIf(required, phone != null, Permission.onMember("update.info.mfa-phone"));
        addIf(required, mfaEnrolled != null, Permission.onMember("update.settings.mfa-enrolled"));
        addIf(required, roles != null, ROLES);
        addIf(required, Check.isGiven(externalId), Permission.onMembersOnly("update.info.external-id"));
        return required;
    }

    private static void addIf(List<Permission> required, boolean written, Permission permission) {
        if (written) {
            required.add(permission);
        }
    }
}
