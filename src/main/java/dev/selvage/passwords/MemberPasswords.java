package dev.selvage.passwords;

import dev.selvage.accounts.MemberAddresses;
import dev.selvage.accounts.PriorAccess;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.MemberErrors;
import dev.selvage.error.PasswordErrors;
import dev.selvage.error.ProjectErrors;
import dev.selvage.error.SessionErrors;
import dev.selvage.members.Member;
import dev.selvage.members.MemberUpdate;
import dev.selvage.members.Members;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.sessions.MemberSession;
import dev.selvage.signin.Admission;
import dev.selvage.signin.MemberSignIn;
import dev.selvage.signin.MemberSignInOutcome;
import dev.selvage.signin.MemberSignInRequest;
import dev.selvage.signin.Proof;
import dev.selvage.subjects.SubjectStore;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The passwords of members. A change of a password ends sessions in the same transaction. [PasswordOwner] is
/// the member, or the address with cross-organization passwords; the calls here are the same for both.
public final class MemberPasswords {

    /// The most members of one address that are read.
    private static final int COUNTED_MAX = 1_000;

    private final StoredPasswords stored;
    private final SubjectStore subjects;
    private final Organizations organizations;
    private final Members members;
    private final MemberSignIn signIn;
    private final MemberAddresses addresses;
    private final PriorAccess priorAccess;
    private final Database database;
    private final ClockAndRandom clock;

    public MemberPasswords(
            StoredPasswords stored,
            SubjectStore subjects,
            Organizations organizations,
            Members members,
            MemberSignIn signIn,
            MemberAddresses addresses,
            PriorAccess priorAccess,
            Database database,
            ClockAndRandom clock) {
        this.stored = stored;
        this.subjects = subjects;
        this.organizations = organizations;
        this.members = members;
        this.signIn = signIn;
        this.addresses = addresses;
        this.priorAccess = priorAccess;
        this.database = database;
        this.clock = clock;
    }

    /// Signs in with a password. Replaces a hash of another algorithm or of lower cost.
    ///
    /// @throws ApiError those of [#member]; `member_password_not_found`, `unauthorized_credentials`,
    ///                  `user_lock_limit_reached`, `member_reset_password` if the password is correct but must
    ///                  be reset, and those of [MemberSignIn#signIn]
    public MemberSignInOutcome authenticate(
            Project project, String organizationKey, EmailAddress email, String password, MemberSignInRequest request) {
        Member member = member(project, organizationKey, email).member();
        PasswordOwner owner = PasswordOwner.of(project, member);
        return stored.verify(
                project, attempt(project, owner, member, password, ProjectErrors.UNAUTHORIZED_CREDENTIALS), checked -> {
                    checked.checkStillAllowed(inputs(member));
                    String hash = checked.upToDateHash();
                    return signIn.signIn(project, request, () -> {
                                replaceInOrganization(project, owner, member, checked, hash);
                                return Proof.of(member.id(), owner.factor(clock.millis()));
                            })
                            .outcome();
                });
    }

    /// Changes a password with the existing one. Older sessions, links and codes of its owner end
    /// ([#revokePriorAccess]), including the session in the request, and a new session starts (`semantics.md`
    /// 8).
    ///
    /// @throws ApiError those of [#member]; `member_password_not_found`, `password_does_not_match`,
    ///                  `user_lock_limit_reached`, `member_reset_password`, `weak_password`,
    ///                  `breached_password`, and those of [MemberSignIn#signInAndRevokeOthers]
    public MemberSignInOutcome resetByPassword(
            Project project,
            String organizationKey,
            EmailAddress email,
            String existing,
            String password,
            MemberSignInRequest request) {
        Member member = member(project, organizationKey, email).member();
        PasswordOwner owner = PasswordOwner.of(project, member);
        stored.check(project, password, inputs(member));
        return stored.verify(
                project, attempt(project, owner, member, existing, PasswordErrors.PASSWORD_DOES_NOT_MATCH), checked -> {
                    String hash = stored.hash(password);
                    return signIn.signInAndRevokeOthers(project, request, () -> {
                                replaceInOrganization(project, owner, member, checked, hash);
                                revokePriorAccess(project, owner, PriorAccess.KeptSessions.NONE);
                                return Proof.of(member.id(), owner.factor(clock.millis()));
                            })
                            .outcome();
                });
    }

    /// Sets a first or new password with a session that was authenticated in the last 5 minutes. Other older
    /// sessions, links and codes of its owner end ([#revokePriorAccess]). This session gets the password as a
    /// factor.
    ///
    /// With cross-organization passwords, some factors are not accepted. A factor that one organization vouches
    /// for, such as its own identity provider, must not set the password for all other organizations.
    ///
    /// @throws ApiError those of [Organizations#get]; `no_session_arguments`, `session_not_found` for a session
    ///                  in another organization, `session_too_old_to_reset_password`,
    ///                  `operation_restricted_by_organization_auth_methods`, `weak_password`,
    ///                  `breached_password`, and those of [MemberSignIn#signIn]
    public MemberSignInOutcome resetBySession(
            Project project, String organizationKey, String password, MemberSignInRequest request) {
        MemberSession running = request.running().orElseThrow(() -> ApiError.of(SessionErrors.NO_SESSION_ARGUMENTS));
        Organization organization = organizations.get(project, organizationKey);
        Check.that(running.organization().id().equals(organization.id()), SessionErrors.SESSION_NOT_FOUND);
        Member member = running.member();
        PasswordOwner owner = PasswordOwner.of(project, member);
        stored.checkFresh(running.session(), factor -> !owner.isAddress() || factor.transfersWith(owner.address()));
        Admission.checkAllowed(running.membership(), AuthMethod.PASSWORD);
        stored.check(project, password, inputs(member));
        String hash = stored.hash(password);
        return signIn.signIn(project, request, () -> {
                    put(project, owner, hash);
                    checkAddressUnchanged(project, member.id(), member.email().address());
                    revokePriorAccess(
                            project,
                            owner,
                            PriorAccess.KeptSessions.session(running.session().id()));
                    return Proof.of(member.id(), owner.factor(clock.millis()));
                })
                .outcome();
    }

    /// The result of [#migrate].
    ///
    /// @param created whether the member is new
    public record Migrated(Membership membership, boolean created) {}

    /// Imports a password hash from another system for a member. Creates the member if the organization has
    /// none with this address. The address becomes verified. With cross-organization passwords, the application
    /// makes this call once for each organization, and the first password of an address is kept.
    ///
    /// @param newMember the data of a new member
    /// @param update the changes of an existing member
    /// @throws ApiError `password_already_exists`, those of [HashImport#read], [Organizations#get],
    ///                  [Members#create] and [Members#update], and `action_not_allowed_email_domain_is_claimed`
    ///                  for a new member
    public Migrated migrate(
            Project project,
            String organizationKey,
            NewMember newMember,
            MemberUpdate update,
            HashImport imported,
            boolean phoneVerified) {
        String hash = stored.imported(imported);
        return database.transaction(
                MemberErrors.DUPLICATE_MEMBER_EMAIL,
                () -> migrated(project, organizationKey, newMember, update, hash, phoneVerified));
    }

    private Migrated migrated(
            Project project,
            String organizationKey,
            NewMember newMember,
            MemberUpdate update,
            String hash,
            boolean phoneVerified) {
        Organization organization = organizations.get(project, organizationKey);
        Optional<Membership> existing = members.findByEmail(project, organization, newMember.email());
        if (existing.isEmpty()) {
            organizations.checkNotClaimed(project, organization, newMember.email());
        }
        Member member = existing.map(
                        found -> members.update(project, found.member().id(), update))
                .orElseGet(() -> members.create(project, organization, newMember))
                .member();
        PasswordOwner owner = PasswordOwner.of(project, member);
        if (owner.isAddress()) {
            subjects.ensure(project.id(), owner.subjectId());
        }
        addresses.prove(project, member.id(), PriorAccess.KeptSessions.NONE);
        Check.that(
                stored.insert(project, owner.subjectId(), hash) || owner.isAddress(),
                PasswordErrors.PASSWORD_ALREADY_EXISTS);
        return new Migrated(
                members.change(
                        project,
                        member.id(),
                        proven -> !phoneVerified || proven.mfa().phone() == null
                                ? proven
                                : proven.withPhone(new Member.Phone(
                                        proven.mfa().phone().id(),
                                        proven.mfa().phone().number(),
                                        true))),
                existing.isEmpty());
    }

    /// Makes the password of an address unusable until it is reset. The password is deleted if one active
    /// member has the address, and marked otherwise (comment of `passwords.email.requireReset`). Sessions are
    /// kept.
    ///
    /// @param organizationKey limits the call to an organization; null or empty for any
    /// @param memberKey       id or external id of a member of that organization, or an id without an
    ///                        organization; null or empty for any
    /// @return the member that the call names, if any
    /// @throws ApiError `cross_org_passwords_not_enabled`, `member_not_found`, `member_password_not_found`,
    ///                  those of [Members#get]
    public Optional<Membership> requireReset(
            Project project, EmailAddress email, @Nullable String organizationKey, @Nullable String memberKey) {
        checkCrossOrganization(project);
        Optional<Membership> referenced = findReferencedMember(project, email, organizationKey, memberKey);
        referenced.ifPresent(
                found -> Check.that(found.member().email().address().equals(email), MemberErrors.MEMBER_NOT_FOUND));
        database.transaction(() -> {
            long active = members.findAllByEmail(project, email, COUNTED_MAX).stream()
                    .filter(found -> found.member().status() == Member.Status.ACTIVE)
                    .count();
            Check.that(
                    active == 1
                            ? subjects.deletePassword(project.id(), email.value())
                            : subjects.requireReset(project.id(), email.value()),
                    MemberErrors.MEMBER_PASSWORD_NOT_FOUND);
            return active;
        });
        return referenced.flatMap(found -> members.find(project, found.member().id()));
    }

    /// As [#requireReset], for a call with a session of a member, whose permissions are limited to the
    /// organization. The password of the address does not sign in to this organization until it is reset. It is
    /// unchanged for other organizations.
    ///
    /// @throws ApiError as [#requireReset]
    public Membership requireResetInOrganization(
            Project project, EmailAddress email, @Nullable String organizationKey, @Nullable String memberKey) {
        checkCrossOrganization(project);
        Membership referenced = findReferencedMember(project, email, organizationKey, memberKey)
                .filter(found -> found.member().email().address().equals(email))
                .orElseThrow(() -> ApiError.of(MemberErrors.MEMBER_NOT_FOUND));
        Check.that(
                stored.exclude(project, email.value(), referenced.organization().id()),
                MemberErrors.MEMBER_PASSWORD_NOT_FOUND);
        return members.find(project, referenced.member().id())
                .orElseThrow(() -> ApiError.of(MemberErrors.MEMBER_NOT_FOUND));
    }

    /// Returns the member that a call names by organization, by id or by both; empty if it names none.
    ///
    /// @throws ApiError those of [Organizations#get] and [Members#get], `member_not_found`
    public Optional<Membership> findReferencedMember(
            Project project, EmailAddress email, @Nullable String organizationKey, @Nullable String memberKey) {
        if (Check.isGiven(memberKey)) {
            return Optional.of(
                    Check.isGiven(organizationKey)
                            ? members.get(project, organizationKey, memberKey)
                            : members.getAny(project, memberKey, false));
        }
        return !Check.isGiven(organizationKey)
                ? Optional.empty()
                : Optional.of(members.findByEmail(project, organizations.get(project, organizationKey), email)
                        .orElseThrow(() -> ApiError.of(MemberErrors.MEMBER_NOT_FOUND)));
    }

    /// Refuses calls about passwords of addresses if the project does not share passwords between
    /// organizations.
    ///
    /// @throws ApiError `cross_org_passwords_not_enabled`
    static void checkCrossOrganization(Project project) {
        Check.that(project.settings().passwords().crossOrganization(), PasswordErrors.CROSS_ORG_PASSWORDS_NOT_ENABLED);
    }

    /// Returns the member of an organization with this address. The organization must allow passwords.
    ///
    /// @throws ApiError those of [Organizations#get], `member_not_found`, `user_lock_limit_reached`,
    ///                  `operation_restricted_by_organization_auth_methods`
    Membership member(Project project, String organizationKey, EmailAddress email) {
        Membership membership = members.findByEmail(project, organizations.get(project, organizationKey), email)
                .orElseThrow(() -> ApiError.of(MemberErrors.MEMBER_NOT_FOUND));
        Admission.checkAllowed(membership, AuthMethod.PASSWORD);
        subjects.checkNotLocked(membership.member().failures().lock());
        return membership;
    }

    /// Returns the attempt to sign in as a member of an organization. Wrong passwords count in that
    /// organization if the owner of the address has signed in there before. Otherwise they count together with
    /// those in all other such organizations. Therefore, creating organizations or members gives an attacker no
    /// further attempts, and locks no other user out.
    private StoredPasswords.Attempt attempt(
            Project project, PasswordOwner owner, Member member, String password, ErrorType wrong) {
        checkHasPassword(member);
        String counterHere = owner.attemptCounterIn(member.organizationId());
        boolean knownHere = !owner.isAddress() || member.email().verified() || subjects.exists(project, counterHere);
        return attempt(owner, knownHere ? counterHere : owner.attemptCounterElsewhere(), password, wrong);
    }

    /// Returns the attempt to use the password of an owner.
    static StoredPasswords.Attempt attempt(PasswordOwner owner, String countedBy, String password, ErrorType wrong) {
        return new StoredPasswords.Attempt(
                owner.subjectId(),
                countedBy,
                password,
                wrong,
                MemberErrors.MEMBER_PASSWORD_NOT_FOUND,
                MemberErrors.MEMBER_RESET_PASSWORD);
    }

    /// As [#replace], for a sign-in to the member's organization. From then on, wrong passwords for the address
    /// count in this organization.
    private void replaceInOrganization(
            Project project,
            PasswordOwner owner,
            Member member,
            StoredPasswords.VerifiedPassword checked,
            String hash) {
        replace(project, owner, checked, hash);
        if (owner.isAddress() && !member.email().verified()) {
            subjects.ensure(project.id(), owner.attemptCounterIn(member.organizationId()));
        }
        checkHasPassword(
                checkAddressUnchanged(project, member.id(), member.email().address()));
    }

    /// Refuses a member without a password, also if the password of the address is excluded for this
    /// organization.
    private static void checkHasPassword(Member member) {
        Check.that(!member.passwordId().isEmpty(), MemberErrors.MEMBER_PASSWORD_NOT_FOUND);
    }

    /// Keeps or replaces the hash of a correct password. The complete sign-in resets the failure count of a
    /// member. The failure count of an address counts wrong passwords only, so the correct password resets it.
    void replace(Project project, PasswordOwner owner, StoredPasswords.VerifiedPassword checked, String hash) {
        checked.replaceHash(hash);
        if (owner.isAddress()) {
            subjects.recordSuccess(project.id(), checked.countedBy());
        }
    }

    /// Sets a password, whether or not one exists.
    void put(Project project, PasswordOwner owner, String hash) {
        if (owner.isAddress()) {
            subjects.ensure(project.id(), owner.subjectId());
        }
        stored.put(project, owner.subjectId(), hash);
    }

    /// After a change of the password, revokes older sessions, links and codes of its owner. For an address,
    /// this applies to every organization.
    ///
    /// @param kept the session, or the intermediate session that the call continues
    void revokePriorAccess(Project project, PasswordOwner owner, PriorAccess.KeptSessions kept) {
        if (owner.isAddress()) {
            EmailAddress address = new EmailAddress(owner.address());
            List<String> ids = members.findAllByEmail(project, address, COUNTED_MAX).stream()
                    .map(found -> found.member().id())
                    .toList();
            priorAccess.revokeAtAddressPasswordReset(project, address, ids, kept);
            stored.deleteExclusions(project, owner.subjectId());
        } else {
            priorAccess.revokeAtPasswordReset(project, owner.subjectId(), kept);
        }
    }

    /// Returns the texts that an attacker would guess first for this member.
    static List<String> inputs(Member member) {
        return List.of(member.email().address().value(), member.name());
    }

    /// Refuses a member whose address changed meanwhile, so that the member does not sign in with the password
    /// of the former address. Runs after all statements on the password: an address change locks the member
    /// first and the password second.
    private Member checkAddressUnchanged(Project project, String memberId, EmailAddress email) {
        Member member = members.getForUpdate(project, memberId).member();
        Check.that(member.email().address().equals(email), MemberErrors.MEMBER_NOT_FOUND);
        return member;
    }
}
