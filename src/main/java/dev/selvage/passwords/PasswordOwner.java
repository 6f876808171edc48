package dev.selvage.passwords;

import dev.selvage.members.Member;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;

/// Whose a password is in a B2B project: one member's, or, with cross-organization passwords, that of an
/// address and thereby of every member who has it.
///
/// @param subjectId the subject on which the password and its lock hang: the member, or one whose id is the
///         address
/// @param address   empty when it is one member's
record PasswordOwner(String subjectId, String address) {

    /// Whose password it is by which a member signs in.
    static PasswordOwner of(Project project, Member member) {
        return project.settings().passwords().crossOrganization()
                ? of(member.email().address())
                : new PasswordOwner(member.id(), "");
    }

    /// An address.
    ///
    /// @param address as [dev.selvage.users.Contacts#email] gives it
    static PasswordOwner of(String address) {
        return new PasswordOwner(address, address);
    }

    boolean isAddress() {
        return !address.isEmpty();
    }

    /// The subject that counts wrong guesses made in an organization that the holder has entered. No domain has
    /// a slash, so that it is nobody else's.
    String guessesIn(String organizationId) {
        return isAddress() ? address + "/" + organizationId : subjectId;
    }

    /// The subject that counts wrong guesses at the password of an address in all other organizations together.
    String guessesElsewhere() {
        return address + "/";
    }

    /// What the password proves.
    Factor factor(long now) {
        return isAddress() ? Factor.passwordOf(address, now) : Factor.password(now);
    }

    /// What a password proves that was set by a mail. The first one of an address proves the address as well
    /// (comment of `discovery.organizations.create`).
    ///
    /// @param first whether there was none before
    Factor mailed(boolean first, long now) {
        return isAddress() && first ? Factor.firstPasswordOf(address, now) : factor(now);
    }
}
