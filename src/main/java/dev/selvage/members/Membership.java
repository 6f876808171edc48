package dev.selvage.members;

import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings;
import dev.selvage.organizations.OrganizationSettings.EmailRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// A member and its organization, read together.
public record Membership(Organization organization, Member member) {

    /// A role and its sources (`semantics.md` 7).
    ///
    /// @param sources not empty
    public record Role(String roleId, List<Source> sources) {}

    /// The reason why a member has a role.
    public sealed interface Source {

        /// The default role, or an explicitly assigned one.
        record Direct() implements Source {}

        /// Assigned to members with a verified address of the domain.
        record ByEmailDomain(String domain) implements Source {}
    }

    /// Returns all roles: the default role, the explicit ones, and those of the domain of a verified address.
    public List<Role> roles() {
        return roles(member.roles(), member.email(), organization.settings());
    }

    /// The ids of [#roles].
    public List<String> roleIds() {
        return roles().stream().map(Role::roleId).toList();
    }

    /// As [#roles()], from separate values.
    ///
    /// @param explicit explicitly assigned roles
    public static List<Role> roles(List<String> explicit, Member.Email email, OrganizationSettings settings) {
        LinkedHashMap<String, List<Source>> sources = new LinkedHashMap<>();
        add(sources, Member.DEFAULT_ROLE, new Source.Direct());
        explicit.forEach(role -> add(sources, role, new Source.Direct()));
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

    /// Returns the membership with a changed member.
    public Membership with(Member changed) {
        return new Membership(organization, changed);
    }
}
