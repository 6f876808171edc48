package dev.selvage.passwords;

import dev.selvage.accounts.MemberAddresses;
import dev.selvage.accounts.PriorAccess;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
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

/// The passwords of members, and what a change does to sessions: they end in the transaction that changes the
/// password. Whose a password is, is said by [PasswordOwner]; all calls here are the same for both kinds.
public final class MemberPasswords {

    /// Members of one address that are looked at; enough to tell one active one from several.
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

    /// Signs in by a password. A hash of another kind or lower cost than today's is replaced.
    ///
    /// @throws ApiError those of [#member]; `member_password_not_found`, `unauthorized_credentials`,
    ///                  `user_lock_limit_reached`, `member_reset_password` when the password is right but may
    ///                  not be used any more, and those of [MemberSignIn#signIn]
    public MemberSignInOutcome authenticate(
            Project project, String organizationKey, String email, String password, MemberSignInRequest request) {
        Member member = member(project, organizationKey, email).member();
        PasswordOwner owner = PasswordOwner.of(project, member);
        return stored.checked(
                project, guess(project, owner, member, password, ErrorType.UNAUTHORIZED_CREDENTIALS), checked -> {
                    checked.checkStillGood(inputs(member));
                    String hash = checked.renewed();
                    return signIn.signIn(project, request, () -> {
                                replaceIn(project, owner, member, checked, hash);
                                return Proof.of(member.id(), owner.factor(clock.millis()));
                            })
                            .outcome();
                });
    }

    /// Changes a password by the one before. All that is older and signs its owner in ends ([#endOthers]), also
    /// the session that the call names, and a new one starts (`semantics.md` 8).
    ///
    /// @throws ApiError those of [#member]; `member_password_not_found`, `password_does_not_match`,
    ///                  `user_lock_limit_reached`, `member_reset_password`, `weak_password`,
    ///                  `breached_password`, and those of [MemberSignIn#signInAndEndOthers]
    public MemberSignInOutcome resetByPassword(
            Project project,
            String organizationKey,
            String email,
            String existing,
            String password,
            MemberSignInRequest request) {
        Member member = member(project, organizationKey, email).member();
        PasswordOwner owner = PasswordOwner.of(project, member);
        stored.check(project, password, inputs(member));
        return stored.checked(
                project, guess(project, owner, member, existing, ErrorType.PASSWORD_DOES_NOT_MATCH), checked -> {
                    String hash = stored.hash(password);
                    return signIn.signInAndEndOthers(project, request, () -> {
                                replaceIn(project, owner, member, checked, hash);
                                endOthers(project, owner, "", "");
                                return Proof.of(member.id(), owner.factor(clock.millis()));
                            })
                            .outcome();
                });
    }

    /// Sets a password, the first one too, by a session that was authenticated just now. All else that is older
    /// and signs its owner in ends ([#endOthers]); this session gains the password as a factor.
    ///
    /// With cross-organization passwords not every proof is good enough: what one organization vouches for,
    /// such as its own identity provider, must not set the password by which the holder of an address enters
    /// all the others.
    ///
    /// @throws ApiError those of [Organizations#get]; `no_session_arguments`, `session_not_found` for a
    ///                  session in another organization, `session_too_old_to_reset_password`,
    ///                  `operation_restricted_by_organization_auth_methods`, `weak_password`,
    ///                  `breached_password`, and those of [MemberSignIn#signIn]
    public MemberSignInOutcome resetBySession(
            Project project, String organizationKey, String password, MemberSignInRequest request) {
        MemberSession running = request.running().orElseThrow(() -> ApiError.of(ErrorType.NO_SESSION_ARGUMENTS));
        Organization organization = organizations.get(project, organizationKey);
        Check.that(running.organization().id().equals(organization.id()), ErrorType.SESSION_NOT_FOUND);
        Member member = running.member();
        PasswordOwner owner = PasswordOwner.of(project, member);
        stored.checkFresh(running.session(), factor -> !owner.isAddress() || factor.travelsWith(owner.address()));
        Admission.checkAllowed(running.membership(), AuthMethod.PASSWORD);
        stored.check(project, password, inputs(member));
        String hash = stored.hash(password);
        return signIn.signIn(project, request, () -> {
                    put(project, owner, hash);
                    checkStillHas(project, member.id(), member.email().address());
                    endOthers(project, owner, running.session().id(), "");
                    return Proof.of(member.id(), owner.factor(clock.millis()));
                })
                .outcome();
    }

    /// What [#migrate] did.
    public record Migrated(Membership membership, boolean created) {}

    /// Gives a member, who is made if the organization has none with this address, the password that another
    /// system hashed. The address counts as verified. With cross-organization passwords the call is made once
    /// per organization: the first password of an address stays.
    ///
    /// @param wanted what a new member is made of
    /// @param update what changes of a member who is there already
    /// @throws ApiError `password_already_exists`, those of [HashImport#read], [Organizations#get],
    ///                  [Members#create] and [Members#update], and `action_not_allowed_email_domain_is_claimed`
    ///                  for a new member
    public Migrated migrate(
            Project project,
            String organizationKey,
            NewMember wanted,
            MemberUpdate update,
            HashImport imported,
            boolean phoneVerified) {
        String hash = stored.imported(imported);
        return database.transaction(
                ErrorType.DUPLICATE_MEMBER_EMAIL,
                () -> migrated(project, organizationKey, wanted, update, hash, phoneVerified));
    }

    private Migrated migrated(
            Project project,
            String organizationKey,
            NewMember wanted,
            MemberUpdate update,
            String hash,
            boolean phoneVerified) {
        Organization organization = organizations.get(project, organizationKey);
        Optional<Membership> existing = members.findByEmail(project, organization, wanted.email());
        if (existing.isEmpty()) {
            organizations.checkNotClaimed(project, organization, wanted.email());
        }
        Member member = existing.map(
                        found -> members.update(project, found.member().id(), update))
                .orElseGet(() -> members.create(project, organization, wanted))
                .member();
        PasswordOwner owner = PasswordOwner.of(project, member);
        if (owner.isAddress()) {
            subjects.ensure(project.id(), owner.subjectId());
        }
        addresses.prove(project, member.id(), PriorAccess.Kept.NOTHING);
        Check.that(
                stored.insert(project, owner.subjectId(), hash) || owner.isAddress(),
                ErrorType.PASSWORD_ALREADY_EXISTS);
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

    /// Makes the password of an address useless until it is reset: it is deleted when one active member has the
    /// address, and marked when several do (comment of `passwords.email.requireReset`). Sessions stay.
    ///
    /// @param organizationKey narrows the members that are meant; null or empty for any
    /// @param memberKey names the member in that organization, or, without one, by a Stytch id; null or empty
    ///         for any
    /// @return the member whom the call names, if it names one
    /// @throws ApiError `cross_org_passwords_not_enabled`, `member_not_found`, `member_password_not_found`,
    ///                  those of [Members#get]
    public Optional<Membership> requireReset(Project project, String email, String organizationKey, String memberKey) {
        checkCrossOrganization(project);
        Optional<Membership> named = named(project, email, organizationKey, memberKey);
        named.ifPresent(
                found -> Check.that(found.member().email().address().equals(email), ErrorType.MEMBER_NOT_FOUND));
        database.transaction(() -> {
            long active = members.allWithEmail(project, email, COUNTED_MAX).stream()
                    .filter(found -> found.member().status() == Member.Status.ACTIVE)
                    .count();
            Check.that(
                    active == 1
                            ? subjects.deletePassword(project.id(), email)
                            : subjects.requireReset(project.id(), email),
                    ErrorType.MEMBER_PASSWORD_NOT_FOUND);
            return active;
        });
        return named.flatMap(found -> members.find(project, found.member().id()));
    }

    /// As [#requireReset], in the name of a member of the organization, whose rights end there: the password of
    /// the address signs nobody in to this organization until its holder has set another one, and is otherwise
    /// as it was.
    ///
    /// @throws ApiError as [#requireReset]
    public Membership requireResetInOrganization(
            Project project, String email, String organizationKey, String memberKey) {
        checkCrossOrganization(project);
        Membership named = named(project, email, organizationKey, memberKey)
                .filter(found -> found.member().email().address().equals(email))
                .orElseThrow(() -> ApiError.of(ErrorType.MEMBER_NOT_FOUND));
        Check.that(stored.exclude(project, email, named.organization().id()), ErrorType.MEMBER_PASSWORD_NOT_FOUND);
        return members.find(project, named.member().id()).orElseThrow(() -> ApiError.of(ErrorType.MEMBER_NOT_FOUND));
    }

    /// The member whom a call names by organization, id or both; empty when it names none.
    ///
    /// @throws ApiError those of [Organizations#get] and [Members#get], `member_not_found`
    public Optional<Membership> named(Project project, String email, String organizationKey, String memberKey) {
        if (Check.given(memberKey) == 1) {
            return Optional.of(
                    Check.given(organizationKey) == 1
                            ? members.get(project, organizationKey, memberKey)
                            : members.getAny(project, memberKey, false));
        }
        return Check.given(organizationKey) == 0
                ? Optional.empty()
                : Optional.of(members.findByEmail(project, organizations.get(project, organizationKey), email)
                        .orElseThrow(() -> ApiError.of(ErrorType.MEMBER_NOT_FOUND)));
    }

    /// Refuses calls about passwords of addresses where there are none.
    ///
    /// @throws ApiError `cross_org_passwords_not_enabled`
    static void checkCrossOrganization(Project project) {
        Check.that(project.settings().passwords().crossOrganization(), ErrorType.CROSS_ORG_PASSWORDS_NOT_ENABLED);
    }

    /// The member of an organization whose address it is, for a way in that the organization allows.
    ///
    /// @throws ApiError those of [Organizations#get], `member_not_found`, `user_lock_limit_reached`,
    ///                  `operation_restricted_by_organization_auth_methods`
    Membership member(Project project, String organizationKey, String email) {
        Membership membership = members.findByEmail(project, organizations.get(project, organizationKey), email)
                .orElseThrow(() -> ApiError.of(ErrorType.MEMBER_NOT_FOUND));
        Admission.checkAllowed(membership, AuthMethod.PASSWORD);
        subjects.checkNotLocked(membership.member().failures().lock());
        return membership;
    }

    /// What somebody gives, in an organization, for the password of a member. Wrong ones count there when the
    /// holder of the address has entered it, and else with those of all other such organizations: who makes
    /// organizations or members gains no guesses, and locks nobody out of an organization of their own.
    private StoredPasswords.Guess guess(
            Project project, PasswordOwner owner, Member member, String password, ErrorType wrong) {
        checkHasPassword(member);
        String here = owner.guessesIn(member.organizationId());
        boolean entered = !owner.isAddress() || member.email().verified() || subjects.exists(project, here);
        return guess(owner, entered ? here : owner.guessesElsewhere(), password, wrong);
    }

    /// What somebody gives for the password of an owner.
    static StoredPasswords.Guess guess(PasswordOwner owner, String countedBy, String password, ErrorType wrong) {
        return new StoredPasswords.Guess(
                owner.subjectId(),
                countedBy,
                password,
                wrong,
                ErrorType.MEMBER_PASSWORD_NOT_FOUND,
                ErrorType.MEMBER_RESET_PASSWORD);
    }

    /// As [#replace], by a sign-in in the member's organization, which the holder of the address has entered
    /// from now on.
    private void replaceIn(
            Project project, PasswordOwner owner, Member member, StoredPasswords.Checked checked, String hash) {
        replace(project, owner, checked, hash);
        if (owner.isAddress() && !member.email().verified()) {
            subjects.ensure(project.id(), owner.guessesIn(member.organizationId()));
        }
        checkHasPassword(checkStillHas(project, member.id(), member.email().address()));
    }

    /// Refuses who has none, also where the password of the address is one that signs nobody in here any more.
    private static void checkHasPassword(Member member) {
        Check.that(!member.passwordId().isEmpty(), ErrorType.MEMBER_PASSWORD_NOT_FOUND);
    }

    /// Keeps or changes a password that was right. A member's failures are forgotten by the complete sign-in;
    /// those of an address, which are wrong passwords and nothing else, by the right one.
    void replace(Project project, PasswordOwner owner, StoredPasswords.Checked checked, String hash) {
        checked.replaceBy(hash);
        if (owner.isAddress()) {
            subjects.succeeded(project.id(), checked.countedBy());
        }
    }

    /// Sets a password whatever there was before.
    void put(Project project, PasswordOwner owner, String hash) {
        if (owner.isAddress()) {
            subjects.ensure(project.id(), owner.subjectId());
        }
        stored.put(project, owner.subjectId(), hash);
    }

    /// Ends, behind a change of the password, what is older and signs its owner in. For an address that is so
    /// in every organization.
    ///
    /// @param keptSessionId empty for none
    /// @param keptToken     the intermediate session that the call goes on with; empty for none
    void endOthers(Project project, PasswordOwner owner, String keptSessionId, String keptToken) {
        if (owner.isAddress()) {
            List<String> ids = members.allWithEmail(project, owner.address(), COUNTED_MAX).stream()
                    .map(found -> found.member().id())
                    .toList();
            priorAccess.endAtResetOfAddress(project, owner.address(), ids, keptSessionId, keptToken);
            stored.readmit(project, owner.subjectId());
        } else {
            priorAccess.endAtReset(project, owner.subjectId(), keptSessionId, keptToken);
        }
    }

    /// What an attacker would try first for this member.
    static List<String> inputs(Member member) {
        return List.of(member.email().address(), member.name());
    }

    /// A member who changed the address since we looked does not sign in by the password of the former one.
    /// Behind all that touches the password: who changes an address holds the member first and the password
    /// then.
    private Member checkStillHas(Project project, String memberId, String email) {
        Member held = members.held(project, memberId).member();
        Check.that(held.email().address().equals(email), ErrorType.MEMBER_NOT_FOUND);
        return held;
    }
}
