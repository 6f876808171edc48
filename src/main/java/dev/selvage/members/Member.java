package dev.selvage.members;

import dev.selvage.organizations.EmailDomains;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.subjects.SubjectStore;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A person in an organization of a B2B project. The same person in two organizations is two members.
///
/// @param id         `member-<test|live>-<uuid>`
/// @param breakglass whether the member may sign in by ways that the organization does not allow
/// @param roles      roles that were given to the member itself; [Membership] adds those that follow from the
///                   organization's settings
/// @param passwordId empty when there is none
/// @param failures   failed attempts to sign in since the last success
public record Member(
        String id,
        String organizationId,
        Status status,
        Profile profile,
        Emails emails,
        Mfa mfa,
        boolean breakglass,
        List<String> roles,
        String passwordId,
        SubjectStore.Failures failures,
        Timestamps timestamps) {

    /// The role that every member has (`semantics.md` 7).
    public static final String DEFAULT_ROLE = "stytch_member";

    /// The role of whoever makes an organization through discovery.
    public static final String ADMIN_ROLE = "stytch_admin";

    /// How far somebody is a member.
    public enum Status {
        /// Made by a sign-up that was not completed.
        PENDING,
        /// Invited, and did not come yet.
        INVITED,
        ACTIVE,
        /// Cannot sign in; can be reactivated.
        DELETED;

        /// Its name in the API.
        public String wireValue() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What the application knows of the member.
    ///
    /// @param name              empty when not known
    /// @param externalId        the application's own id, unique in the organization; null when not set
    /// @param trustedMetadata   written by the backend alone
    /// @param untrustedMetadata may also be written by a frontend
    public record Profile(String name, String externalId, ObjectNode trustedMetadata, ObjectNode untrustedMetadata) {

        /// The profile with another id of the application; null for none.
        Profile withExternalId(String externalId) {
            return new Profile(name, externalId, trustedMetadata, untrustedMetadata);
        }
    }

    /// The addresses of a member.
    ///
    /// @param current the address by which the member signs in
    /// @param retired addresses that the member had before; nobody else in the organization can have them
    public record Emails(Email current, List<Email> retired) {

        public Emails {
            retired = List.copyOf(retired);
        }
    }

    /// Second factors of a member.
    ///
    /// @param enrolled whether the member gives a second factor though the organization does not ask for it
    /// @param method   the default one; null when none was chosen
    /// @param phone    the number for codes by SMS; null when there is none
    /// @param totpId   of the registration that is verified; empty when there is none
    public record Mfa(boolean enrolled, MfaMethod method, Phone phone, String totpId) {

        /// No second factor.
        public static final Mfa NONE = new Mfa(false, null, null, "");
    }

    /// When the member was created and last changed, in milliseconds.
    public record Timestamps(long createdAt, long updatedAt) {}

    /// An address.
    ///
    /// @param id       `email-<test|live>-<uuid>`
    /// @param address  in lower case
    /// @param verified whether the member has proven to hold it
    public record Email(String id, String address, boolean verified) {

        /// The part behind the `@`.
        public String domain() {
            return EmailDomains.of(address);
        }
    }

    /// A phone number.
    ///
    /// @param id       `phone-number-<test|live>-<uuid>`
    /// @param number   E.164
    /// @param verified whether the member has proven to hold it
    public record Phone(String id, String number, boolean verified) {}

    public Member {
        roles = List.copyOf(roles);
    }

    /// Whether the member can sign in, once the organization's rules are met.
    public boolean exists() {
        return status != Status.DELETED;
    }

    /// The name; empty when not known.
    public String name() {
        return profile.name();
    }

    /// The application's own id; null when not set.
    public String externalId() {
        return profile.externalId();
    }

    /// The address by which the member signs in.
    public Email email() {
        return emails.current();
    }

    Member withStatus(Status status) {
        return new Member(
                id, organizationId, status, profile, emails, mfa, breakglass, roles, passwordId, failures, timestamps);
    }

    Member withProfile(Profile profile) {
        return new Member(
                id, organizationId, status, profile, emails, mfa, breakglass, roles, passwordId, failures, timestamps);
    }

    Member withEmails(Emails emails) {
        return new Member(
                id, organizationId, status, profile, emails, mfa, breakglass, roles, passwordId, failures, timestamps);
    }

    Member withMfa(Mfa mfa) {
        return new Member(
                id, organizationId, status, profile, emails, mfa, breakglass, roles, passwordId, failures, timestamps);
    }

    Member withBreakglass(boolean breakglass) {
        return new Member(
                id, organizationId, status, profile, emails, mfa, breakglass, roles, passwordId, failures, timestamps);
    }

    /// The member with these roles of its own.
    public Member withRoles(List<String> roles) {
        return new Member(
                id, organizationId, status, profile, emails, mfa, breakglass, roles, passwordId, failures, timestamps);
    }

    /// The member with this password; empty for none.
    public Member withPassword(String passwordId) {
        return new Member(
                id, organizationId, status, profile, emails, mfa, breakglass, roles, passwordId, failures, timestamps);
    }

    Member withTimestamps(Timestamps timestamps) {
        return new Member(
                id, organizationId, status, profile, emails, mfa, breakglass, roles, passwordId, failures, timestamps);
    }

    Member withEmail(Email email) {
        return withEmails(new Emails(email, emails.retired()));
    }

    /// The member with these addresses from before.
    public Member withRetiredEmails(List<Email> retired) {
        return withEmails(new Emails(emails.current(), retired));
    }

    /// The member with this number; null takes it away.
    public Member withPhone(Phone phone) {
        return withMfa(new Mfa(mfa.enrolled(), mfa.method(), phone, mfa.totpId()));
    }

    /// The member with these choices about second factors.
    ///
    /// @param method null for none
    public Member withMfa(boolean enrolled, MfaMethod method) {
        return withMfa(new Mfa(enrolled, method, mfa.phone(), mfa.totpId()));
    }

    /// The member with this id of the application; null takes it away.
    public Member withExternalId(String externalId) {
        return withProfile(profile.withExternalId(externalId));
    }

    Member updatedAt(long at) {
        return withTimestamps(new Timestamps(timestamps.createdAt(), at));
    }

    /// Whether the member can give a second factor: a number or an authenticator app that was proven.
    public boolean hasSecondFactor() {
        return !mfa.totpId().isEmpty() || mfaPhone().map(Phone::verified).orElse(false);
    }

    /// The number for codes by SMS.
    public Optional<Phone> mfaPhone() {
        return Optional.ofNullable(mfa.phone());
    }
}
