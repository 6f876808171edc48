package dev.selvage.passwords;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;

/// The owner of a password in a B2B project: a member, or, with cross-organization passwords, an address and
/// all members with it.
///
/// @param subjectId subject of the password and its lock: the member, or a subject with the address as its id
/// @param address   empty if a member is the owner
record PasswordOwner(String subjectId, String address) {

    /// Returns the owner of the password with which a member signs in.
    static PasswordOwner of(Project project, Member member) {
        return project.settings().passwords().crossOrganization()
                ? of(member.email().address())
                : new PasswordOwner(member.id(), "");
    }

    /// Returns an address as an owner.
    static PasswordOwner of(EmailAddress address) {
        return new PasswordOwner(address.value(), address.value());
    }

    boolean isAddress() {
        return !address.isEmpty();
    }

    /// The subject that counts wrong passwords in an organization to which the address has signed in before. A
    /// domain cannot contain a slash, so the id is unique.
    String attemptCounterIn(String organizationId) {
        return isAddress() ? address + "/" + organizationId : subjectId;
    }

    /// The subject that counts wrong passwords for an address in all other organizations together.
    String attemptCounterElsewhere() {
        return address + "/";
    }

    /// Returns the factor that the password proves.
    Factor factor(long now) {
        return isAddress() ? Factor.passwordOf(address, now) : Factor.password(now);
    }

    /// Returns the factor of a password that was set by email. The first password of an address also proves the
    /// address (comment of `discovery.organizations.create`).
    ///
    /// @param first whether no password existed before
    Factor mailed(boolean first, long now) {
        return isAddress() && first ? Factor.firstPasswordOf(address, now) : factor(now);
    }
}
