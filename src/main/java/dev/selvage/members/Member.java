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
/// @param id                `member-<test|live>-<uuid>`
/// @param name              empty when not known
/// @param email             the address by which the member signs in
/// @param retiredEmails     addresses that the member had before; nobody else in the organization can have them
/// @param breakglass        whether the member may sign in by ways that the organization does not allow
/// @param phone             the number for codes by SMS; null when there is none
/// @param mfaEnrolled whether the member gives a second factor though the organization does not ask for it
/// @param defaultMfaMethod  null when none was chosen
/// @param roles roles that were given to the member itself; those that follow from the organization's settings
///                          are told by [Membership]
/// @param passwordId        empty when there is none
/// @param totpId            of the registration that is verified; empty when there is none
/// @param trustedMetadata   written by the backend alone
/// @param untrustedMetadata may also be written by a frontend
/// @param externalId        the application's own id, unique in the organization; null when not set
/// @param lock              null unless failures have locked the member
/// @param failedAttempts    failures since the last success
/// @param createdAt         milliseconds
/// @param updatedAt         milliseconds
public record Member(
        String id,
        String organizationId,
        Status status,
        String name,
        Email email,
        List<Email> retiredEmails,
        boolean breakglass,
        Phone phone,
        boolean mfaEnrolled,
        MfaMethod defaultMfaMethod,
        List<String> roles,
        String passwordId,
        String totpId,
        ObjectNode trustedMetadata,
        ObjectNode untrustedMetadata,
        String externalId,
        SubjectStore.Lock lock,
        int failedAttempts,
        long createdAt,
        long updatedAt) {

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
        retiredEmails = List.copyOf(retiredEmails);
        roles = List.copyOf(roles);
    }

    /// Whether the member can sign in, once the organization's rules are met.
    public boolean exists() {
        return status != Status.DELETED;
    }

    Member withStatus(Status changed) {
        return new Member(
                id,
                organizationId,
                changed,
                name,
                email,
                retiredEmails,
                breakglass,
                phone,
                mfaEnrolled,
                defaultMfaMethod,
                roles,
                passwordId,
                totpId,
                trustedMetadata,
                untrustedMetadata,
                externalId,
                lock,
                failedAttempts,
                createdAt,
                updatedAt);
    }

    Member withEmail(Email changed) {
        return new Member(
                id,
                organizationId,
                status,
                name,
                changed,
                retiredEmails,
                breakglass,
                phone,
                mfaEnrolled,
                defaultMfaMethod,
                roles,
                passwordId,
                totpId,
                trustedMetadata,
                untrustedMetadata,
                externalId,
                lock,
                failedAttempts,
                createdAt,
                updatedAt);
    }

    /// The member with this number; null takes it away.
    public Member withPhone(Phone changed) {
        return new Member(
                id,
                organizationId,
                status,
                name,
                email,
                retiredEmails,
                breakglass,
                changed,
                mfaEnrolled,
                defaultMfaMethod,
                roles,
                passwordId,
                totpId,
                trustedMetadata,
                untrustedMetadata,
                externalId,
                lock,
                failedAttempts,
                createdAt,
                updatedAt);
    }

    /// The member with these choices about second factors.
    ///
    /// @param method null for none
    public Member withMfa(boolean enrolled, MfaMethod method) {
        return new Member(
                id,
                organizationId,
                status,
                name,
                email,
                retiredEmails,
                breakglass,
                phone,
                enrolled,
                method,
                roles,
                passwordId,
                totpId,
                trustedMetadata,
                untrustedMetadata,
                externalId,
                lock,
                failedAttempts,
                createdAt,
                updatedAt);
    }

    /// The member with these roles of its own.
    public Member withRoles(List<String> changed) {
        return new Member(
                id,
                organizationId,
                status,
                name,
                email,
                retiredEmails,
                breakglass,
                phone,
                mfaEnrolled,
                defaultMfaMethod,
                changed,
                passwordId,
                totpId,
                trustedMetadata,
                untrustedMetadata,
                externalId,
                lock,
                failedAttempts,
                createdAt,
                updatedAt);
    }

    /// The member with this id of the application; null takes it away.
    public Member withExternalId(String changed) {
        return new Member(
                id,
                organizationId,
                status,
                name,
                email,
                retiredEmails,
                breakglass,
                phone,
                mfaEnrolled,
                defaultMfaMethod,
                roles,
                passwordId,
                totpId,
                trustedMetadata,
                untrustedMetadata,
                changed,
                lock,
                failedAttempts,
                createdAt,
                updatedAt);
    }

    /// The member with these addresses from before.
    public Member withRetiredEmails(List<Email> changed) {
        return new Member(
                id,
                organizationId,
                status,
                name,
                email,
                changed,
                breakglass,
                phone,
                mfaEnrolled,
                defaultMfaMethod,
                roles,
                passwordId,
                totpId,
                trustedMetadata,
                untrustedMetadata,
                externalId,
                lock,
                failedAttempts,
                createdAt,
                updatedAt);
    }

    /// The member with this password; empty for none.
    public Member withPassword(String changed) {
        return new Member(
                id,
                organizationId,
                status,
                name,
                email,
                retiredEmails,
                breakglass,
                phone,
                mfaEnrolled,
                defaultMfaMethod,
                roles,
                changed,
                totpId,
                trustedMetadata,
                untrustedMetadata,
                externalId,
                lock,
                failedAttempts,
                createdAt,
                updatedAt);
    }

    Member updatedAt(long at) {
        return new Member(
                id,
                organizationId,
                status,
                name,
                email,
                retiredEmails,
                breakglass,
                phone,
                mfaEnrolled,
                defaultMfaMethod,
                roles,
                passwordId,
                totpId,
                trustedMetadata,
                untrustedMetadata,
                externalId,
                lock,
                failedAttempts,
                createdAt,
                at);
    }

    /// Whether the member can give a second factor: a number or an authenticator app that was proven.
    public boolean hasSecondFactor() {
        return !totpId.isEmpty() || mfaPhone().map(Phone::verified).orElse(false);
    }

    /// The number for codes by SMS.
    public Optional<Phone> mfaPhone() {
        return Optional.ofNullable(phone);
    }
}
