package dev.selvage.members;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.Times;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.MemberErrors;
import dev.selvage.error.UserErrors;
import dev.selvage.members.MemberEmailStore.AddressUse;
import dev.selvage.members.MemberEmailStore.State;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Changes of the email addresses of members. A member signs in with the current address. Former addresses are
/// retired: other members cannot use them until they are unlinked. A change of the current address deletes the
/// password, because the new address can belong to another person (source: comment of `members.update`).
public final class MemberEmails {

    /// Lifetime of a pending change of address, in minutes. The address is reserved for that time. Source:
    /// comment of `start_email_update`.
    public static final int UPDATE_MINUTES = 5;

    /// The most retired addresses of a member. At the limit, a further one deletes the oldest. The contract
    /// names no bound.
    static final int RETIRED_MAX = 20;

    private final MemberEmailStore store;
    private final Members members;
    private final Organizations organizations;
    private final Database database;
    private final ClockAndRandom clock;

    public MemberEmails(Members members, Organizations organizations, Database database, ClockAndRandom clock) {
        this.store = new MemberEmailStore(database);
        this.members = members;
        this.organizations = organizations;
        this.database = database;
        this.clock = clock;
    }

    /// Replaces the current address of a member by an unverified one, and ends a pending change. Does nothing
    /// if the address is already current.
    ///
    /// @param unlink  whether the previous address is deleted instead of retired
    /// @throws ApiError `member_not_found`, `action_not_allowed_email_domain_is_claimed`,
    ///                  `duplicate_member_email`, `desired_email_deactivated_by_different_member`,
    ///                  `desired_email_updating_for_different_member`
    public Membership replace(Project project, String memberId, EmailAddress address, boolean unlink) {
        return database.transaction(() -> {
            Membership membership = members.getForUpdate(project, memberId);
            if (address.equals(membership.member().email().address())) {
                return membership;
            }
            organizations.checkNotClaimed(project, membership.organization(), address);
            Optional<AddressUse> retired =
                    checkAvailable(project, membership, address).filter(own -> own.state() == State.RETIRED);
            store.endUpdate(project.id(), memberId);
            return replace(project, membership, retired.map(AddressUse::emailId), address, false, unlink);
        });
    }

    /// Reserves an address for a pending change, for [#UPDATE_MINUTES]. Ends an earlier pending change of the
    /// member. Joins a running transaction.
    ///
    /// @return the address, with the id that [#finishUpdate] expects
    /// @throws ApiError `member_not_found`, `email_updates_available_only_for_active_members`,
    ///                  `member_has_no_active_verified_email`, `duplicate_member_email` also for the member's
    ///                  own address, `desired_email_deactivated_by_different_member`,
    ///                  `desired_email_updating_for_different_member`,
    ///                  `action_not_allowed_email_domain_is_claimed`
    public Member.Email startUpdate(Project project, String memberId, EmailAddress address) {
        return database.transaction(() -> {
            Membership membership = members.getForUpdate(project, memberId);
            Member member = membership.member();
            Check.that(
                    member.status() == Member.Status.ACTIVE,
                    MemberErrors.EMAIL_UPDATES_AVAILABLE_ONLY_FOR_ACTIVE_MEMBERS);
            Check.that(member.email().verified(), MemberErrors.MEMBER_HAS_NO_ACTIVE_VERIFIED_EMAIL);
            Check.that(!address.equals(member.email().address()), MemberErrors.DUPLICATE_MEMBER_EMAIL);
            organizations.checkNotClaimed(project, membership.organization(), address);
            long expiresAt = clock.millis() + UPDATE_MINUTES * Times.MINUTE_MILLIS;
            Optional<AddressUse> retired =
                    checkAvailable(project, membership, address).filter(own -> own.state() == State.RETIRED);
            store.endUpdate(project.id(), memberId);
            if (retired.isPresent()) {
                store.extendUpdate(project.id(), retired.get().emailId(), expiresAt);
                return new Member.Email(retired.get().emailId(), address, false);
            }
            Member.Email reserved = new Member.Email(Ids.EMAIL.next(clock, project.environment()), address, false);
            insert(
                    project,
                    member,
                    reserved,
                    State.WAITING,
                    expiresAt,
                    MemberErrors.DESIRED_EMAIL_DEACTIVATED_BY_DIFFERENT_MEMBER);
            return reserved;
        });
    }

    /// A pending change of address.
    ///
    /// @param emailId the id that [#finishUpdate] expects
    public record PendingUpdate(String memberId, String emailId) {}

    /// Returns the pending change to an address in an organization; empty if none exists or it has expired.
    public Optional<PendingUpdate> findUpdate(Project project, Organization organization, EmailAddress address) {
        return store.findUse(project.id(), organization.id(), address.value(), clock.millis())
                .filter(AddressUse::updating)
                .map(use -> new PendingUpdate(use.memberId(), use.emailId()));
    }

    /// Completes a pending change in the transaction of a sign-in that verified the new address. The new
    /// address is verified, the previous one is retired, and the password is deleted.
    ///
    /// @param emailId id that [#startUpdate] returned
    /// @throws ApiError `member_not_found`, `unable_to_verify_member_email_update` if the change has expired,
    ///                  was replaced by another, or the member is not active
    public Membership finishUpdate(Project project, String memberId, String emailId) {
        return database.transaction(() -> {
            Membership membership = members.getForUpdate(project, memberId);
            Check.that(
                    membership.member().status() == Member.Status.ACTIVE
                            && store.isUpdating(project.id(), memberId, emailId, clock.millis()),
                    MemberErrors.UNABLE_TO_VERIFY_MEMBER_EMAIL_UPDATE);
            return replace(project, membership, Optional.of(emailId), null, true, false);
        });
    }

    /// Deletes a retired address of a member. If both an id and an address are given, they must match the same
    /// row.
    ///
    /// @param emailId null or empty if not given
    /// @param address null if not given
    /// @throws ApiError `member_not_found`, `email_not_found`
    public Membership unlinkRetired(Project project, String memberId, String emailId, EmailAddress address) {
        return database.transaction(() -> {
            Membership membership = members.getForUpdate(project, memberId);
            Member.Email retired = membership.member().emails().retired().stream()
                    .filter(email -> !Check.isGiven(emailId) || email.id().equals(emailId))
                    .filter(email -> address == null || email.address().equals(address))
                    .findFirst()
                    .orElseThrow(() -> ApiError.of(UserErrors.EMAIL_NOT_FOUND));
            store.delete(project.id(), retired.id());
            return members.touch(project, membership);
        });
    }

    /// Makes another address current.
    ///
    /// @param known id of an address that the member already has; empty if `address` is inserted
    /// @param address null for an address that is the member's already
    private Membership replace(
            Project project,
            Membership membership,
            Optional<String> known,
            @Nullable EmailAddress address,
            boolean verified,
            boolean unlink) {
        Member.Email before = membership.member().email();
        if (unlink) {
            store.delete(project.id(), before.id());
        } else {
            List<Member.Email> retired = membership.member().emails().retired().stream()
                    .filter(email -> !known.equals(Optional.of(email.id())))
                    .toList();
            if (retired.size() >= RETIRED_MAX) {
                store.delete(project.id(), retired.getFirst().id());
            }
            store.set(project.id(), before.id(), State.RETIRED, before.verified());
        }
        if (known.isPresent()) {
            store.set(project.id(), known.get(), State.CURRENT, verified);
        } else {
            insert(
                    project,
                    membership.member(),
                    new Member.Email(
                            Ids.EMAIL.next(clock, project.environment()), Objects.requireNonNull(address), verified),
                    State.CURRENT,
                    null,
                    MemberErrors.DESIRED_EMAIL_DEACTIVATED_BY_DIFFERENT_MEMBER);
        }
        members.deletePassword(project, membership.member().id());
        return members.touch(project, membership);
    }

    /// Refuses an address that another member uses or reserves. Returns the member's own row with this address,
    /// if any.
    private Optional<AddressUse> checkAvailable(Project project, Membership membership, EmailAddress address) {
        Optional<AddressUse> use =
                store.findUse(project.id(), membership.organization().id(), address.value(), clock.millis());
        if (use.isPresent() && !use.get().memberId().equals(membership.member().id())) {
            throw refusal(use, MemberErrors.DESIRED_EMAIL_DEACTIVATED_BY_DIFFERENT_MEMBER);
        }
        return use;
    }

    private void insert(
            Project project,
            Member member,
            Member.Email email,
            State state,
            @Nullable Long expiresAt,
            ErrorType retired) {
        long now = clock.millis();
        if (!store.insert(project.id(), member, email, state, expiresAt, now)) {
            throw refusal(
                    store.findUse(
                            project.id(),
                            member.organizationId(),
                            email.address().value(),
                            now),
                    retired);
        }
    }

    /// Returns the refusal for an address that cannot be used.
    ///
    /// @param retired the error type if another member has retired the address
    static ApiError refusal(Optional<AddressUse> use, ErrorType retired) {
        return ApiError.of(
                switch (use.map(AddressUse::state).orElse(State.CURRENT)) {
                    case CURRENT, FORMER -> MemberErrors.DUPLICATE_MEMBER_EMAIL;
                    case RETIRED -> retired;
                    case WAITING -> MemberErrors.DESIRED_EMAIL_UPDATING_FOR_DIFFERENT_MEMBER;
                });
    }
}
