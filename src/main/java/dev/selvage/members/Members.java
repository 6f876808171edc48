package dev.selvage.members;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.contacts.PhoneNumber;
import dev.selvage.db.Database;
import dev.selvage.db.DuplicateException;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.MemberErrors;
import dev.selvage.error.PasswordErrors;
import dev.selvage.error.RbacErrors;
import dev.selvage.error.RequestErrors;
import dev.selvage.members.MemberEmailStore.State;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.rbac.Policies;
import dev.selvage.subjects.SubjectStore;
import dev.selvage.users.Metadata;
import dev.selvage.users.Names;
import dev.selvage.users.PathIds;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Creates, finds and changes members of organizations; [MemberDeletion] deletes them. A lookup that names an
/// organization finds members of that organization only.
public final class Members {

    private final MemberStore store;
    private final MemberEmailStore emails;
    private final SubjectStore subjects;
    private final PathIds pathIds;
    private final Organizations organizations;
    private final Database database;
    private final ClockAndRandom clock;

    public Members(
            SubjectStore subjects,
            PathIds pathIds,
            Organizations organizations,
            Database database,
            ClockAndRandom clock) {
        this.store = new MemberStore(database, subjects);
        this.emails = new MemberEmailStore(database);
        this.subjects = subjects;
        this.pathIds = pathIds;
        this.organizations = organizations;
        this.database = database;
        this.clock = clock;
    }

    /// The data of a new member. Only `email` and `status` are required; the others may be null.
    public record NewMember(
            EmailAddress email,
            Member.Status status,
            @Nullable String name,
            @Nullable JsonNode trustedMetadata,
            @Nullable JsonNode untrustedMetadata,
            @Nullable String externalId,
            @Nullable List<String> roles,
            @Nullable Boolean breakglass,
            @Nullable PhoneNumber phone,
            @Nullable Boolean mfaEnrolled) {

        /// Returns the data of a member of which only the address is known.
        public static NewMember withEmail(EmailAddress email, Member.Status status) {
            return new NewMember(email, status, null, null, null, null, null, null, null, null);
        }
    }

    /// Counts the members of a project, without deleted ones.
    public long count(Project project) {
        return store.count(project.id());
    }

    /// Counts the members of an organization, without deleted ones.
    public long count(Project project, Organization organization) {
        return store.count(project.id(), organization.id());
    }

    /// Creates a member.
    ///
    /// @throws ApiError `duplicate_member_email`, `retired_member_email`,
    ///                  `desired_email_updating_for_different_member`, `duplicate_member_external_id`,
    ///                  `duplicate_member_phone_number`, `organization_not_found` if the organization was
    ///                  deleted meanwhile, and the errors of names, metadata and roles
    public Membership create(Project project, Organization organization, NewMember newMember) {
        String name = Names.full(newMember.name());
        ObjectNode trusted = Metadata.merge(Json.object(), newMember.trustedMetadata());
        ObjectNode untrusted = Metadata.merge(Json.object(), newMember.untrustedMetadata());
        Optional<String> externalId = parseExternalId(newMember.externalId());
        pathIds.check(externalId, null, "external_id", RequestErrors.INVALID_ID);
        List<String> roles = checkRoles(project, organization, newMember.roles());
        return database.transaction(() -> {
            long now = clock.millis();
            Member.Email email =
                    new Member.Email(Ids.EMAIL.next(clock, project.environment()), newMember.email(), false);
            Member.Phone phone = newMember.phone() == null ? null : phone(project, newMember.phone());
            Member member = new Member(
                    Ids.MEMBER.nextInShardOf(organization.id(), clock, project.environment()),
                    organization.id(),
                    newMember.status(),
                    new Member.Profile(name, externalId.orElse(null), trusted, untrusted),
                    new Member.Emails(email, List.of()),
                    new Member.Mfa(Boolean.TRUE.equals(newMember.mfaEnrolled()), null, phone, ""),
                    Boolean.TRUE.equals(newMember.breakglass()),
                    roles,
                    "",
                    SubjectStore.Failures.NONE,
                    new Member.Timestamps(now, now));
            Organization current = organizations.get(project, organization.id());
            if (!store.insert(project.id(), member)) {
                boolean phoneTaken = phone != null && store.phoneTaken(project.id(), organization.id(), phone.number());
                throw ApiError.of(
                        phoneTaken
                                ? MemberErrors.DUPLICATE_MEMBER_PHONE_NUMBER
                                : MemberErrors.DUPLICATE_MEMBER_EXTERNAL_ID);
            }
            if (!emails.insert(project.id(), member, email, State.CURRENT, null, now)) {
                throw MemberEmails.refusal(
                        emails.findUse(
                                project.id(), organization.id(), email.address().value(), now),
                        MemberErrors.RETIRED_MEMBER_EMAIL);
            }
            return new Membership(current, member);
        });
    }

    /// Returns a member.
    ///
    /// @param organizationKey id, external id or slug of the organization
    /// @param memberKey       id or external id of the member
    /// @throws ApiError those of [Organizations#get]; `invalid_id` if the key can be neither,
    ///                  `…_id_used_in_…_environment`, `member_not_found` also for a deleted member
    public Membership get(Project project, String organizationKey, String memberKey) {
        checkKey(project, memberKey);
        Organization organization = organizations.get(project, organizationKey);
        return store.find(project, organization.id(), memberKey, clock.millis())
                .filter(found -> found.member().exists())
                .orElseThrow(() -> ApiError.of(MemberErrors.MEMBER_NOT_FOUND));
    }

    /// Finds a member by id in any organization; empty if none exists or the member is deleted. The id must
    /// come from a row of this server.
    public Optional<Membership> find(Project project, String memberId) {
        return store.find(project, memberId, clock.millis())
                .filter(found -> found.member().exists());
    }

    /// Finds the member of an organization with this current address.
    public Optional<Membership> findByEmail(Project project, Organization organization, EmailAddress email) {
        return store.findByEmail(project, organization.id(), email.value(), clock.millis());
    }

    /// Returns members of all organizations of the project with this address, at most `count`, oldest first.
    public List<Membership> findAllByEmail(Project project, EmailAddress email, int count) {
        return store.findAllByEmail(project, email.value(), count, clock.millis());
    }

    /// Changes a member, except for the addresses. Concurrent changes of one member run one after another, so
    /// that each sees the result of the one before. Joins a running transaction.
    ///
    /// @param change returns the new state; may refuse
    /// @throws ApiError `member_not_found`, `duplicate_member_external_id`, `duplicate_member_phone_number`,
    ///                  and what `change` throws
    public Membership change(Project project, String memberId, UnaryOperator<Member> change) {
        return database.transaction(() -> {
            Membership before = getForUpdate(project, memberId);
            return save(project, before, change.apply(before.member()));
        });
    }

    /// Writes a changed member whose row is locked. Does nothing if nothing changed.
    ///
    /// @throws ApiError `duplicate_member_external_id`, `duplicate_member_phone_number`
    Membership save(Project project, Membership before, Member after) {
        if (after.equals(before.member())) {
            return before;
        }
        Member changed = after.updatedAt(clock.millis());
        try {
            store.update(project.id(), changed);
        } catch (DuplicateException duplicate) {
            throw ApiError.of(
                    duplicate.mentions("phone")
                            ? MemberErrors.DUPLICATE_MEMBER_PHONE_NUMBER
                            : MemberErrors.DUPLICATE_MEMBER_EXTERNAL_ID);
        }
        return before.with(changed);
    }

    /// Changes a member as `members.update` does, except for the address.
    ///
    /// @throws ApiError those of [#change], of names, metadata and roles,
    ///                  `duplicate_member_phone_number_for_member`, `default_mfa_member_missing_factor`
    public Membership update(Project project, String memberId, MemberUpdate update) {
        String name = update.name() == null ? null : Names.full(update.name());
        Optional<String> externalId = parseExternalId(update.externalId());
        return database.transaction(() -> {
            Membership before = getForUpdate(project, memberId);
            Member member = before.member();
            pathIds.check(externalId, member.externalId(), "external_id", RequestErrors.INVALID_ID);
            Check.that(
                    update.phone() == null || member.mfaPhone().isEmpty(),
                    MemberErrors.DUPLICATE_MEMBER_PHONE_NUMBER_FOR_MEMBER);
            Member.Profile profile = member.profile();
            Member.Mfa mfa = member.mfa();
            Member after = member.withProfile(new Member.Profile(
                            name == null ? profile.name() : name,
                            externalId.orElse(profile.externalId()),
                            Metadata.merge(profile.trustedMetadata(), update.trustedMetadata()),
                            Metadata.merge(profile.untrustedMetadata(), update.untrustedMetadata())))
                    .withMfa(new Member.Mfa(
                            update.mfaEnrolled() == null ? mfa.enrolled() : update.mfaEnrolled(),
                            update.mfaMethod() == null ? mfa.method() : update.mfaMethod(),
                            update.phone() == null ? mfa.phone() : phone(project, update.phone()),
                            mfa.totpId()))
                    .withBreakglass(update.breakglass() == null ? member.breakglass() : update.breakglass())
                    .withRoles(
                            update.roles() == null
                                    ? member.roles()
                                    : checkRoles(project, before.organization(), update.roles()));
            Check.that(
                    update.mfaMethod() == null || hasFactor(after, update.mfaMethod()),
                    MemberErrors.DEFAULT_MFA_MEMBER_MISSING_FACTOR);
            return save(project, before, after);
        });
    }

    /// Deletes the password, if any, of a member whose row is locked.
    void deletePassword(Project project, String memberId) {
        subjects.deletePassword(project.id(), memberId);
    }

    private static boolean hasFactor(Member member, MfaMethod method) {
        return switch (method) {
            case SMS_OTP -> member.mfaPhone().isPresent();
            case TOTP -> !member.mfa().totpId().isEmpty();
        };
    }

    /// Updates the time of the last change after a change to data of the member, in the same transaction.
    /// Returns the member with that data.
    Membership touch(Project project, Membership membership) {
        store.update(project.id(), membership.member().updatedAt(clock.millis()));
        return find(project, membership.member().id()).orElseThrow(() -> ApiError.of(MemberErrors.MEMBER_NOT_FOUND));
    }

    /// Deletes the external id of a member, if any. Another member can use it at once.
    ///
    /// @throws ApiError `member_not_found`
    public Membership deleteExternalId(Project project, String memberId) {
        return change(project, memberId, member -> member.withExternalId(null));
    }

    /// Deletes the phone number of a member. Sessions are kept, and the member stays enrolled. If the default
    /// method is SMS, it is reset to none. Source: `semantics.md` 5.3.
    ///
    /// @throws ApiError `member_not_found`, `member_phone_number_not_found`
    public Membership deletePhone(Project project, String memberId) {
        return change(project, memberId, member -> {
            Check.that(member.mfaPhone().isPresent(), MemberErrors.MEMBER_PHONE_NUMBER_NOT_FOUND);
            return member.withPhone(null)
                    .withMfa(
                            member.mfa().enrolled(),
                            member.mfa().method() == MfaMethod.SMS_OTP
                                    ? null
                                    : member.mfa().method());
        });
    }

    /// Deletes the phone number of a member if it is verified, and the default method if its factor does not
    /// exist any more. An unverified number is kept, because the organization assigned it.
    ///
    /// @throws ApiError `member_not_found`
    public Membership deleteVerifiedPhone(Project project, String memberId) {
        return change(project, memberId, before -> {
            Member member = before.withPhone(
                    before.mfaPhone().filter(phone -> !phone.verified()).orElse(null));
            MfaMethod method = member.mfa().method();
            return member.withMfa(member.mfa().enrolled(), method == null || hasFactor(member, method) ? method : null);
        });
    }

    /// Returns the id of the member that owns a password; empty if none does.
    ///
    /// @throws ApiError `invalid_password_id`, `…_id_used_in_…_environment`
    public Optional<String> passwordOwner(Project project, String passwordId) {
        project.checkId(Ids.MEMBER_PASSWORD, passwordId, PasswordErrors.INVALID_PASSWORD_ID);
        return store.passwordOwner(project.id(), passwordId);
    }

    /// Deletes the password of a member of an organization. Sessions are kept.
    ///
    /// @throws ApiError those of [Organizations#get] and [#passwordOwner], `cross_org_passwords_enabled`,
    ///                  `member_password_not_found`
    public Membership deletePassword(Project project, String organizationKey, String passwordId) {
        Check.that(!project.settings().passwords().crossOrganization(), PasswordErrors.CROSS_ORG_PASSWORDS_ENABLED);
        return database.transaction(() -> {
            Organization organization = organizations.get(project, organizationKey);
            Membership owner = passwordOwner(project, passwordId)
                    .filter(memberId -> subjects.lockRow(project.id(), memberId))
                    .flatMap(memberId -> find(project, memberId))
                    .filter(found -> found.organization().id().equals(organization.id())
                            && found.member().passwordId().equals(passwordId))
                    .orElseThrow(() -> ApiError.of(MemberErrors.MEMBER_PASSWORD_NOT_FOUND));
            subjects.deletePassword(project.id(), owner.member().id());
            return touch(project, owner);
        });
    }

    /// Returns a member by id, in any organization.
    ///
    /// @param deleted whether deleted members are found too
    /// @throws ApiError `invalid_id` also for an external id, which is not unique without an organization,
    ///                  `…_id_used_in_…_environment`, `member_not_found`
    public Membership getAny(Project project, String memberId, boolean deleted) {
        checkId(project, memberId);
        return store.find(project, memberId, clock.millis())
                .filter(found -> deleted || found.member().exists())
                .orElseThrow(() -> ApiError.of(MemberErrors.MEMBER_NOT_FOUND));
    }

    /// Assigns an external id and further roles to a member.
    ///
    /// @param externalId null: unchanged
    /// @param roleIds    added to the explicit roles; null: none
    /// @throws ApiError `member_not_found`, `invalid_id`, `duplicate_member_external_id`, `too_many_roles`,
    ///                  `invalid_rbac_role_id`
    public Membership assign(
            Project project, String memberId, @Nullable String externalId, @Nullable List<String> roleIds) {
        Optional<String> id = parseExternalId(externalId);
        return database.transaction(() -> {
            Membership before = getForUpdate(project, memberId);
            pathIds.check(id, before.member().externalId(), "external_id", RequestErrors.INVALID_ID);
            List<String> added = checkRoles(project, before.organization(), roleIds);
            return change(project, memberId, member -> member.withExternalId(id.orElse(member.externalId()))
                    .withRoles(Stream.concat(member.roles().stream(), added.stream())
                            .distinct()
                            .toList()));
        });
    }

    /// Locks the row of a member until the running transaction ends, and returns it. Other changes of the
    /// member wait.
    ///
    /// @throws ApiError `member_not_found`
    public Membership getForUpdate(Project project, String memberId) {
        Check.that(subjects.lockRow(project.id(), memberId), MemberErrors.MEMBER_NOT_FOUND);
        return find(project, memberId).orElseThrow(() -> ApiError.of(MemberErrors.MEMBER_NOT_FOUND));
    }

    /// Invites a member that is not active. Fields that `invited` contains replace those of the member; the
    /// others are unchanged. The address is not changed.
    ///
    /// @throws ApiError `duplicate_member_email` if the member is active; the errors of names, metadata and
    ///                  roles
    public Membership invite(Project project, String memberId, NewMember invited) {
        return database.transaction(() -> {
            change(project, memberId, member -> {
                Check.that(member.status() != Member.Status.ACTIVE, MemberErrors.DUPLICATE_MEMBER_EMAIL);
                return member.withStatus(Member.Status.INVITED);
            });
            return update(
                    project,
                    memberId,
                    new MemberUpdate(
                            invited.name(),
                            invited.trustedMetadata(),
                            invited.untrustedMetadata(),
                            null,
                            null,
                            null,
                            invited.roles(),
                            null,
                            null,
                            false,
                            null));
        });
    }

    /// Marks the current address of a member as verified, in the transaction of a sign-in. A pending or invited
    /// member becomes active.
    ///
    /// @throws ApiError `member_not_found`
    public Membership verifyEmail(Project project, String memberId) {
        Membership active = change(project, memberId, member -> member.withStatus(Member.Status.ACTIVE));
        Member.Email email = active.member().email();
        if (email.verified()) {
            return active;
        }
        emails.verify(project.id(), memberId, email.id());
        return active.with(active.member().withEmail(new Member.Email(email.id(), email.address(), true)));
    }

    /// Records a successful sign-in: resets the failure count, and makes a pending or invited member active.
    /// Returns the changed member.
    public Membership signedIn(Project project, Membership membership) {
        Member member = membership.member();
        if (member.failures().count() > 0) {
            subjects.recordSuccess(project.id(), member.id());
        }
        return activate(project, membership);
    }

    /// As [#signedIn], without resetting the failure count.
    public Membership activate(Project project, Membership membership) {
        Member member = membership.member();
        return member.status() == Member.Status.ACTIVE
                ? membership
                : change(project, member.id(), before -> before.withStatus(Member.Status.ACTIVE));
    }

    /// Checks that a text can be an id or an external id of a member. A text that starts like an id and is not
    /// one is an unknown external id (`open-questions.md` 11).
    ///
    /// @throws ApiError `invalid_id`, `…_id_used_in_…_environment`
    public static void checkKey(Project project, String key) {
        Check.that(Ids.isKey(key), RequestErrors.INVALID_ID);
        if (Ids.MEMBER.matches(key)) {
            project.checkId(Ids.MEMBER, key, RequestErrors.INVALID_ID);
        }
    }

    static void checkId(Project project, String memberId) {
        Check.that(memberId != null, RequestErrors.INVALID_ID);
        project.checkId(Ids.MEMBER, memberId, RequestErrors.INVALID_ID);
    }

    private Member.Phone phone(Project project, PhoneNumber number) {
        return new Member.Phone(Ids.PHONE.next(clock, project.environment()), number.value(), false);
    }

    private static Optional<String> parseExternalId(@Nullable String externalId) {
        if (!Check.isGiven(externalId)) {
            return Optional.empty();
        }
        Check.that(Ids.isExternal(externalId), RequestErrors.INVALID_ID);
        return Optional.of(externalId);
    }

    /// Checks roles against those of the project and of the organization's own policy, and removes duplicates.
    /// The default role of all members is never stored.
    private static List<String> checkRoles(Project project, Organization organization, @Nullable List<String> roleIds) {
        if (roleIds == null) {
            return List.of();
        }
        Policies.checkBounds(roleIds);
        List<String> known = Stream.concat(Policies.of(project).roles().stream(), organization.roles().stream())
                .map(role -> role.roleId())
                .toList();
        for (String role : roleIds) {
            if (!known.contains(role)) {
                throw ApiError.bySetting(RbacErrors.INVALID_RBAC_ROLE_ID, role, known);
            }
        }
        return roleIds.stream()
                .filter(role -> !role.equals(Member.DEFAULT_ROLE))
                .distinct()
                .toList();
    }
}
