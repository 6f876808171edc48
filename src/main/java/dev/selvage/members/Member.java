package dev.selvage.members;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.subjects.SubjectStore;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A member of an organization in a B2B project. The same person in two organizations is two members.
///
/// @param id         `member-<test|live>-<uuid>`
/// @param breakglass whether the member may sign in with methods that the organization does not allow
/// @param roles      explicitly assigned roles; [Membership] adds the implicit roles from the settings of the
///                   organization
/// @param passwordId id of the password; empty for none
/// @param failures   failed sign-ins since the last success
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

    /// The role of a member that creates an organization through discovery.
    public static final String ADMIN_ROLE = "stytch_admin";

    /// State of a membership.
    public enum Status {
        /// Created by a sign-up that is not complete.
        PENDING,
        /// Invited, and not signed in since.
        INVITED,
        ACTIVE,
        /// Cannot sign in. A deleted member can be reactivated.
        DELETED;

        /// The wire value.
        public String wireValue() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Data that the application stores about the member.
    ///
    /// @param name              full name; empty if unknown
    /// @param externalId        id that the application assigns, unique in the organization; null for none
    /// @param trustedMetadata   only backend calls without a member's session write it
    /// @param untrustedMetadata calls with the member's own session may write it too
    public record Profile(
            String name, @Nullable String externalId, ObjectNode trustedMetadata, ObjectNode untrustedMetadata) {

        /// Returns the profile with another external id; null for none.
        Profile withExternalId(@Nullable String externalId) {
            return new Profile(name, externalId, trustedMetadata, untrustedMetadata);
        }
    }

    /// The email addresses of a member.
    ///
    /// @param current the address with which the member signs in
    /// @param retired former addresses, oldest first; no other member of the organization can use them
    public record Emails(Email current, List<Email> retired) {

        public Emails {
            retired = List.copyOf(retired);
        }
    }

    /// The second factors of a member.
    ///
    /// @param enrolled whether the member must use a second factor although the organization does not require
    ///                 it
    /// @param method   default method; null for none
    /// @param phone    number for codes by SMS; null for none
    /// @param totpId   id of the verified TOTP registration; empty for none
    public record Mfa(
            boolean enrolled,
            @Nullable MfaMethod method,
            @Nullable Phone phone,
            String totpId) {

        /// No second factor.
        public static final Mfa NONE = new Mfa(false, null, null, "");
    }

    /// Times of creation and of the last change, in milliseconds.
    public record Timestamps(long createdAt, long updatedAt) {}

    /// An email address.
    ///
    /// @param id       `email-<test|live>-<uuid>`
    /// @param address  unique in the organization
    /// @param verified whether the member has verified the address
    public record Email(String id, EmailAddress address, boolean verified) {

        /// The part after the `@`.
        public String domain() {
            return address.domain();
        }
    }

    /// A phone number.
    ///
    /// @param id       `phone-number-<test|live>-<uuid>`
    /// @param number   in E.164 form
    /// @param verified whether the member has verified the number
    public record Phone(String id, String number, boolean verified) {}

    public Member {
        roles = List.copyOf(roles);
    }

    /// Whether the member is not deleted.
    public boolean exists() {
        return status != Status.DELETED;
    }

    /// The full name; empty if unknown.
    public String name() {
        return profile.name();
    }

    /// The id that the application assigned; null for none.
    public @Nullable String externalId() {
        return profile.externalId();
    }

    /// The address with which the member signs in.
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

    /// Returns the member with other explicit roles.
    public Member withRoles(List<String> roles) {
        return new Member(
                id, organizationId, status, profile, emails, mfa, breakglass, roles, passwordId, failures, timestamps);
    }

    /// Returns the member with another password; empty for none.
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

    /// Returns the member with other retired addresses.
    public Member withRetiredEmails(List<Email> retired) {
        return withEmails(new Emails(emails.current(), retired));
    }

    /// Returns the member with another phone number; null for none.
    public Member withPhone(@Nullable Phone phone) {
        return withMfa(new Mfa(mfa.enrolled(), mfa.method(), phone, mfa.totpId()));
    }

    /// Returns the member with other settings of the second factor.
    ///
    /// @param method default method; null for none
    public Member withMfa(boolean enrolled, @Nullable MfaMethod method) {
        return withMfa(new Mfa(enrolled, method, mfa.phone(), mfa.totpId()));
    }

    /// Returns the member with another external id; null for none.
    public Member withExternalId(@Nullable String externalId) {
        return withProfile(profile.withExternalId(externalId));
    }

    Member updatedAt(long at) {
        return withTimestamps(new Timestamps(timestamps.createdAt(), at));
    }

    /// Whether the member has a second factor: a verified phone number or a verified TOTP registration.
    public boolean hasSecondFactor() {
        return !mfa.totpId().isEmpty() || mfaPhone().map(Phone::verified).orElse(false);
    }

    /// The number for codes by SMS.
    public Optional<Phone> mfaPhone() {
        return Optional.ofNullable(mfa.phone());
    }
}
