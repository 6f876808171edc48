package dev.selvage.members;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.db.Database;
import dev.selvage.db.DuplicateException;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.members.MemberEmailStore.State;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.rbac.Policies;
import dev.selvage.rbac.RequiredPermissions.Permission;
import dev.selvage.subjects.SubjectStore;
import dev.selvage.users.Metadata;
import dev.selvage.users.Names;
import dev.selvage.users.PathIds;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The members of organizations: who they are, what they can prove, how they are found. Nobody is ever found
/// through another organization than their own.
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

    /// What a new member is made of; all but address and status may be null.
    ///
    /// @param email as [dev.selvage.users.Contacts#email] gives it
    /// @param phone as [dev.selvage.users.Contacts#phone] gives it
    public record NewMember(
            String email,
            Member.Status status,
            String name,
            JsonNode trustedMetadata,
            JsonNode untrustedMetadata,
            String externalId,
            List<String> roles,
            Boolean breakglass,
            String phone,
            Boolean mfaEnrolled) {

        /// A member of whom only an address is known.
        public static NewMember withEmail(String email, Member.Status status) {
            return new NewMember(email, status, null, null, null, null, null, null, null, null);
        }
    }

    /// How many members a project has; who is deleted does not count.
    public long count(Project project) {
        return store.count(project.id());
    }

    /// How many members an organization has, as [#count(Project)].
    public long count(Project project, Organization organization) {
        return store.count(project.id(), organization.id());
    }

    /// Makes a member.
    ///
    /// @throws ApiError `duplicate_member_email`, `retired_member_email`,
    ///                  `desired_email_updating_for_different_member`, `duplicate_member_external_id`,
    ///                  `duplicate_member_phone_number`, `organization_not_found` when it was deleted
    ///                  meanwhile, and those of names, metadata and roles
    public Membership create(Project project, Organization organization, NewMember wanted) {
        String name = Names.full(wanted.name());
        ObjectNode trusted = Metadata.merge(Json.object(), wanted.trustedMetadata());
        ObjectNode untrusted = Metadata.merge(Json.object(), wanted.untrustedMetadata());
        String externalId = externalId(wanted.externalId());
        pathIds.check(externalId, null, "external_id", ErrorType.INVALID_ID);
        List<String> roles = roles(project, organization, wanted.roles());
        return database.transaction(() -> {
            long now = clock.millis();
            Member.Email email = new Member.Email(Ids.EMAIL.next(clock, project.environment()), wanted.email(), false);
            Member.Phone phone = wanted.phone() == null ? null : phone(project, wanted.phone());
            Member member = new Member(
                    Ids.MEMBER.nextBeside(organization.id(), clock, project.environment()),
                    organization.id(),
                    wanted.status(),
                    new Member.Profile(name, externalId, trusted, untrusted),
                    new Member.Emails(email, List.of()),
                    new Member.Mfa(Boolean.TRUE.equals(wanted.mfaEnrolled()), null, phone, ""),
                    Boolean.TRUE.equals(wanted.breakglass()),
                    roles,
                    "",
                    SubjectStore.Failures.NONE,
                    new Member.Timestamps(now, now));
            Organization current = organizations.get(project, organization.id());
            if (!store.insert(project.id(), member)) {
                boolean phoneTaken = phone != null && store.phoneTaken(project.id(), organization.id(), phone.number());
                throw ApiError.of(
                        phoneTaken ? ErrorType.DUPLICATE_MEMBER_PHONE_NUMBER : ErrorType.DUPLICATE_MEMBER_EXTERNAL_ID);
            }
            if (!emails.insert(project.id(), member, email, State.CURRENT, null, now)) {
                throw MemberEmails.refusal(
                        emails.taken(project.id(), organization.id(), email.address(), now),
                        ErrorType.RETIRED_MEMBER_EMAIL);
            }
            return new Membership(current, member);
        });
    }

    /// The member of a Stytch id or an external id in an organization, which has an id, an external id or a
    /// slug.
    ///
    /// @throws ApiError those of [Organizations#get]; `invalid_id` for what can be neither,
    ///                  `…_id_used_in_…_environment`, `member_not_found` also when the member is deleted
    public Membership get(Project project, String organizationKey, String memberKey) {
        checkKey(project, memberKey);
        Organization organization = organizations.get(project, organizationKey);
        return store.find(project, organization.id(), memberKey, clock.millis())
                .filter(found -> found.member().exists())
                .orElseThrow(() -> ApiError.of(ErrorType.MEMBER_NOT_FOUND));
    }

    /// The member of a Stytch id, whatever the organization; empty when there is none or the member is deleted.
    /// For ids that come from this server's own rows.
    public Optional<Membership> find(Project project, String memberId) {
        return store.find(project, memberId, clock.millis())
                .filter(found -> found.member().exists());
    }

    /// The member of an organization whose address it is.
    ///
    /// @param email as [dev.selvage.users.Contacts#email] gives it
    public Optional<Membership> findByEmail(Project project, Organization organization, String email) {
        return store.findByEmail(project, organization.id(), email, clock.millis());
    }

    /// Everyone in any organization of the project whose address it is, the oldest first.
    public List<Membership> allWithEmail(Project project, String email, int count) {
        return store.allWithEmail(project, email, count, clock.millis());
    }

    /// Changes a member. Calls that change one at once take turns, so that each builds on what the others
    /// wrote. Joins the transaction that is under way. Addresses are changed by calls of their own.
    ///
    /// @param change may refuse; its result is written
    /// @throws ApiError `member_not_found`, `duplicate_member_external_id`, `duplicate_member_phone_number`,
    ///                  and what `change` throws
    public Membership change(Project project, String memberId, UnaryOperator<Member> change) {
        return database.transaction(() -> {
            Membership before = held(project, memberId);
            return written(project, before, change.apply(before.member()));
        });
    }

    private Membership written(Project project, Membership before, Member after) {
        if (after.equals(before.member())) {
            return before;
        }
        Member written = after.updatedAt(clock.millis());
        try {
            store.update(project.id(), written);
        } catch (DuplicateException taken) {
            throw ApiError.of(
                    taken.isAbout("phone")
                            ? ErrorType.DUPLICATE_MEMBER_PHONE_NUMBER
                            : ErrorType.DUPLICATE_MEMBER_EXTERNAL_ID);
        }
        return before.with(written);
    }

    /// Changes a member as `members.update` does, but for the address.
    ///
    /// @throws ApiError those of [#change], of names, metadata and roles,
    ///                  `duplicate_member_phone_number_for_member`, `default_mfa_member_missing_factor`
    public Membership update(Project project, String memberId, MemberUpdate update) {
        String name = update.name() == null ? null : Names.full(update.name());
        String externalId = externalId(update.externalId());
        return database.transaction(() -> {
            Membership before = held(project, memberId);
            Member member = before.member();
            pathIds.check(externalId, member.externalId(), "external_id", ErrorType.INVALID_ID);
            Check.that(
                    update.phone() == null || member.mfaPhone().isEmpty(),
                    ErrorType.DUPLICATE_MEMBER_PHONE_NUMBER_FOR_MEMBER);
            Member.Profile profile = member.profile();
            Member.Mfa mfa = member.mfa();
            Member after = member.withProfile(new Member.Profile(
                            name == null ? profile.name() : name,
                            externalId == null ? profile.externalId() : externalId,
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
                                    : roles(project, before.organization(), update.roles()));
            Check.that(
                    update.mfaMethod() == null || has(after, update.mfaMethod()),
                    ErrorType.DEFAULT_MFA_MEMBER_MISSING_FACTOR);
            return written(project, before, after);
        });
    }

    /// Takes the password, if there is one, from a member who is held.
    void dropPassword(Project project, String memberId) {
        subjects.deletePassword(project.id(), memberId);
    }

    private static boolean has(Member member, MfaMethod method) {
        return switch (method) {
            case SMS_OTP -> member.mfaPhone().isPresent();
            case TOTP -> !member.mfa().totpId().isEmpty();
        };
    }

    /// The member as it is after something that hangs on it was changed, in the transaction that changed it.
    Membership touched(Project project, Membership held) {
        store.update(project.id(), held.member().updatedAt(clock.millis()));
        return find(project, held.member().id()).orElseThrow(() -> ApiError.of(ErrorType.MEMBER_NOT_FOUND));
    }

    /// Deletes a member, whom nobody but [#getAny] finds then. The addresses, the external id and the number
    /// are free at once, the password is gone; name, roles and metadata stay for a reactivation. What else the
    /// member has is ended by the call, in the same transaction.
    ///
    /// @throws ApiError `member_not_found`
    public void delete(Project project, String memberId) {
        database.transaction(() -> {
            Member member = held(project, memberId).member();
            store.update(
                    project.id(),
                    member.withStatus(Member.Status.DELETED)
                            .withExternalId(null)
                            .withRetiredEmails(List.of())
                            .withMfa(new Member.Mfa(member.mfa().enrolled(), null, null, ""))
                            .withPassword("")
                            .updatedAt(clock.millis()));
            emails.freeAll(project.id(), member);
            subjects.deletePassword(project.id(), memberId);
            return null;
        });
    }

    /// Makes a deleted member active again, with the address that it had.
    ///
    /// @param memberId a Stytch id; an external id went with the deletion
    /// @throws ApiError those of [Organizations#get], `invalid_id`, `…_id_used_in_…_environment`,
    ///                  `member_not_found`, `no_deleted_member_found_for_reactivation`,
    ///                  `member_has_no_active_verified_email`, `reactivation_email_belongs_to_another_member`,
    ///                  `action_not_allowed_email_domain_is_claimed`
    public Membership reactivate(Project project, String organizationKey, String memberId) {
        checkId(project, memberId);
        return database.transaction(() -> {
            Organization organization = organizations.get(project, organizationKey);
            Check.that(subjects.hold(project.id(), memberId), ErrorType.MEMBER_NOT_FOUND);
            Membership deleted = store.find(project, organization.id(), memberId, clock.millis())
                    .orElseThrow(() -> ApiError.of(ErrorType.MEMBER_NOT_FOUND));
            Member.Email email = deleted.member().email();
            Check.that(!deleted.member().exists(), ErrorType.NO_DELETED_MEMBER_FOUND_FOR_REACTIVATION);
            Check.that(email.verified(), ErrorType.MEMBER_HAS_NO_ACTIVE_VERIFIED_EMAIL);
            organizations.checkNotClaimed(project, organization, email.address());
            emails.dropExpired(project.id(), organization.id(), email.address(), clock.millis());
            try {
                emails.set(project.id(), email.id(), State.CURRENT, true);
            } catch (DuplicateException taken) {
                throw ApiError.of(ErrorType.REACTIVATION_EMAIL_BELONGS_TO_ANOTHER_MEMBER);
            }
            return written(project, deleted, deleted.member().withStatus(Member.Status.ACTIVE));
        });
    }

    /// The rights that a member needs to reactivate another of the own organization. Refuses ids as
    /// [#reactivate] does.
    public List<Permission> rightsToReactivate(Project project, String organizationKey, String memberId) {
        checkId(project, memberId);
        String organizationId = organizations.get(project, organizationKey).id();
        return MemberRights.toReactivate(
                store.find(project, organizationId, memberId, clock.millis()).map(Membership::member));
    }

    /// Takes the external id from a member, if there is one. It is free again at once.
    ///
    /// @throws ApiError `member_not_found`
    public Membership deleteExternalId(Project project, String memberId) {
        return change(project, memberId, member -> member.withExternalId(null));
    }

    /// Takes the number for codes by SMS from a member. Sessions stay, and the member stays enrolled; a default
    /// of SMS is none any more. Source: `semantics.md` 5.3.
    ///
    /// @throws ApiError `member_not_found`, `member_phone_number_not_found`
    public Membership deletePhone(Project project, String memberId) {
        return change(project, memberId, member -> {
            Check.that(member.mfaPhone().isPresent(), ErrorType.MEMBER_PHONE_NUMBER_NOT_FOUND);
            return member.withPhone(null)
                    .withMfa(
                            member.mfa().enrolled(),
                            member.mfa().method() == MfaMethod.SMS_OTP
                                    ? null
                                    : member.mfa().method());
        });
    }

    /// Takes the number from a member when it was proven, and a default second factor that is not there any
    /// more. A number that nobody has proven stays: it is what the organization says of its member.
    ///
    /// @throws ApiError `member_not_found`
    public Membership dropProvenPhone(Project project, String memberId) {
        return change(project, memberId, before -> {
            Member member = before.withPhone(
                    before.mfaPhone().filter(phone -> !phone.verified()).orElse(null));
            MfaMethod usual = member.mfa().method();
            return member.withMfa(member.mfa().enrolled(), usual == null || has(member, usual) ? usual : null);
        });
    }

    /// Whose password it is; empty when it is nobody's.
    ///
    /// @throws ApiError `invalid_password_id`, `…_id_used_in_…_environment`
    public Optional<String> passwordOwner(Project project, String passwordId) {
        project.checkId(Ids.MEMBER_PASSWORD, passwordId, ErrorType.INVALID_PASSWORD_ID);
        return store.passwordOwner(project.id(), passwordId);
    }

    /// Takes a password from its member in an organization. Sessions that it began stay.
    ///
    /// @throws ApiError those of [Organizations#get] and [#passwordOwner], `cross_org_passwords_enabled`,
    ///                  `member_password_not_found`
    public Membership deletePassword(Project project, String organizationKey, String passwordId) {
        Check.that(!project.settings().passwords().crossOrganization(), ErrorType.CROSS_ORG_PASSWORDS_ENABLED);
        return database.transaction(() -> {
            Organization organization = organizations.get(project, organizationKey);
            Membership owner = passwordOwner(project, passwordId)
                    .filter(memberId -> subjects.hold(project.id(), memberId))
                    .flatMap(memberId -> find(project, memberId))
                    .filter(found -> found.organization().id().equals(organization.id())
                            && found.member().passwordId().equals(passwordId))
                    .orElseThrow(() -> ApiError.of(ErrorType.MEMBER_PASSWORD_NOT_FOUND));
            subjects.deletePassword(project.id(), owner.member().id());
            return touched(project, owner);
        });
    }

    /// The member of a Stytch id in any organization.
    ///
    /// @param deleted whether a deleted one is found as well
    /// @throws ApiError `invalid_id` also for an external id, which names nobody without an organization,
    ///                  `…_id_used_in_…_environment`, `member_not_found`
    public Membership getAny(Project project, String memberId, boolean deleted) {
        checkId(project, memberId);
        return store.find(project, memberId, clock.millis())
                .filter(found -> deleted || found.member().exists())
                .orElseThrow(() -> ApiError.of(ErrorType.MEMBER_NOT_FOUND));
    }

    /// Gives a member an external id, and roles besides those it has.
    ///
    /// @param externalId null: as it was
    /// @param roleIds    null: none
    /// @throws ApiError `member_not_found`, `invalid_id`, `duplicate_member_external_id`, `too_many_roles`,
    ///                  `invalid_rbac_role_id`
    public Membership give(Project project, String memberId, String externalId, List<String> roleIds) {
        String id = externalId(externalId);
        return database.transaction(() -> {
            Membership before = held(project, memberId);
            pathIds.check(id, before.member().externalId(), "external_id", ErrorType.INVALID_ID);
            List<String> more = roles(project, before.organization(), roleIds);
            return change(project, memberId, member -> member.withExternalId(id == null ? member.externalId() : id)
                    .withRoles(Stream.concat(member.roles().stream(), more.stream())
                            .distinct()
                            .toList()));
        });
    }

    /// The member, whom nobody else changes until the transaction under way ends.
    ///
    /// @throws ApiError `member_not_found`
    public Membership held(Project project, String memberId) {
        Check.that(subjects.hold(project.id(), memberId), ErrorType.MEMBER_NOT_FOUND);
        return find(project, memberId).orElseThrow(() -> ApiError.of(ErrorType.MEMBER_NOT_FOUND));
    }

    /// Invites a member who did not come yet. What `invited` says of the member besides the address is true
    /// from then on; what it leaves out stays as it was.
    ///
    /// @throws ApiError `duplicate_member_email` when the member is active; those of names, metadata and roles
    public Membership invite(Project project, String memberId, NewMember invited) {
        return database.transaction(() -> {
            change(project, memberId, member -> {
                Check.that(member.status() != Member.Status.ACTIVE, ErrorType.DUPLICATE_MEMBER_EMAIL);
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

    /// Records, in the transaction of a sign-in, that the member holds the current address: it is verified, and
    /// a pending or invited member active.
    ///
    /// @throws ApiError `member_not_found`
    public Membership provenEmail(Project project, String memberId) {
        Membership active = change(project, memberId, member -> member.withStatus(Member.Status.ACTIVE));
        Member.Email email = active.member().email();
        if (email.verified()) {
            return active;
        }
        emails.verify(project.id(), memberId, email.id());
        return active.with(active.member().withEmail(new Member.Email(email.id(), email.address(), true)));
    }

    /// A success: failures are forgotten, and a pending or invited member is active. Answers the member as it
    /// is then.
    public Membership signedIn(Project project, Membership membership) {
        Member member = membership.member();
        if (member.failures().count() > 0) {
            subjects.succeeded(project.id(), member.id());
        }
        return active(project, membership);
    }

    /// As [#signedIn], without forgetting failures.
    public Membership active(Project project, Membership membership) {
        Member member = membership.member();
        return member.status() == Member.Status.ACTIVE
                ? membership
                : change(project, member.id(), before -> before.withStatus(Member.Status.ACTIVE));
    }

    /// Refuses what can be neither an id nor an external id of a member. What only begins as an id does is an
    /// external id that nobody has (`open-questions.md` 11).
    ///
    /// @throws ApiError `invalid_id`, `…_id_used_in_…_environment`
    public static void checkKey(Project project, String key) {
        Check.that(Ids.isKey(key), ErrorType.INVALID_ID);
        if (Ids.MEMBER.matches(key)) {
            project.checkId(Ids.MEMBER, key, ErrorType.INVALID_ID);
        }
    }

    private static void checkId(Project project, String memberId) {
        Check.that(memberId != null, ErrorType.INVALID_ID);
        project.checkId(Ids.MEMBER, memberId, ErrorType.INVALID_ID);
    }

    private Member.Phone phone(Project project, String number) {
        return new Member.Phone(Ids.PHONE.next(clock, project.environment()), number, false);
    }

    private static String externalId(String given) {
        if (Check.given(given) == 0) {
            return null;
        }
        Check.that(Ids.isExternal(given), ErrorType.INVALID_ID);
        return given;
    }

    /// Roles that may be given: those of the project and of the organization's own policy. The one that every
    /// member has is never stored.
    private static List<String> roles(Project project, Organization organization, List<String> given) {
        if (given == null) {
            return List.of();
        }
        Policies.checkBounds(given);
        List<String> known = Stream.concat(Policies.of(project).roles().stream(), organization.roles().stream())
                .map(role -> role.roleId())
                .toList();
        for (String role : given) {
            if (!known.contains(role)) {
                throw ApiError.bySetting(ErrorType.INVALID_RBAC_ROLE_ID, role, known);
            }
        }
        return given.stream()
                .filter(role -> !role.equals(Member.DEFAULT_ROLE))
                .distinct()
                .toList();
    }
}
