package dev.selvage.members;

import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings;
import dev.selvage.organizations.OrganizationSettings.EmailRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// A member and the organization whose rules decide about the member, read together.
public record Membership(Organization organization, Member member) {

    /// A role and why the member has it (`semantics.md` 7).
    ///
    /// @param sources never empty
    public record Role(String roleId, List<Source> sources) {}

    /// Why a member has a role.
    public sealed interface Source {

        /// Every member has it, or it was given to this one.
        record Direct() implements Source {}

        /// Those with a verified address of the domain have it.
        record ByEmailDomain(String domain) implements Source {}
    }

    /// All roles: the one that every member has, those that were given, and those of the domain of a verified
    /// address.
    public List<Role> roles() {
        return roles(member.roles(), member.email(), organization.settings());
    }

    /// The ids of [#roles].
    public List<String> roleIds() {
        return roles().stream().map(Role::roleId).toList();
    }

    /// As [#roles], from what decides about them.
    ///
    /// @param given the roles that were given to the member itself
    public static List<Role> roles(List<String> given, Member.Email email, OrganizationSettings settings) {
        LinkedHashMap<String, List<Source>> sources = new LinkedHashMap<>();
        add(sources, Member.DEFAULT_ROLE, new Source.Direct());
        given.forEach(role -> add(sources, role, new Source.Direct()));
        if (email.verified()) {
            settings.emailRoles().stream()
                    .filter(implied -> implied.domain().equals(email.domain()))
                    .map(EmailRole::roleId)
                    .forEach(role -> add(sources, role, new Source.ByEmailDomain(email.domain())));
        }
        return sources.entrySet().stream()
                .map(role -> new Role(role.getKey(), List.copyOf(role.getValue())))
                .toList();
    }

    private static void add(LinkedHashMap<String, List<Source>> sources, String role, Source source) {
        List<Source> known = sources.computeIfAbsent(role, id -> new ArrayList<>());
        if (!known.contains(source)) {
            known.add(source);
        }
    }

    /// The same membership with the member as it is after a change.
    public Membership with(Member changed) {
        return new Membership(organization, changed);
    }
}
