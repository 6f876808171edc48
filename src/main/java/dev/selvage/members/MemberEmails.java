package dev.selvage.members;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.Times;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.members.MemberEmailStore.State;
import dev.selvage.members.MemberEmailStore.Taken;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import java.util.List;
import java.util.Optional;

/// How members change their addresses. A member signs in by the current one; those from before are retired,
/// which keeps others from having them, until they are unlinked. A new address takes the password along
/// (source: comment of `members.update`), because it can be another person's.
public final class MemberEmails {

    /// How long an address is held for the member who wants to change to it. Source: comment of
    /// `start_email_update`.
    public static final int UPDATE_MINUTES = 5;

    /// How many retired addresses a member has at most; then the oldest is free. The contract names no bound.
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

    /// Gives a member another address, which is not verified. A change that is under way ends. Nothing happens
    /// when it is the member's own.
    ///
    /// @param address as [dev.selvage.users.Contacts#email] gives it
    /// @param unlink  whether the one before is free then
    /// @throws ApiError `member_not_found`, `action_not_allowed_email_domain_is_claimed`,
    ///                  `duplicate_member_email`, `desired_email_deactivated_by_different_member`,
    ///                  `desired_email_updating_for_different_member`
    public Membership replace(Project project, String memberId, String address, boolean unlink) {
        return database.transaction(() -> {
            Membership held = members.held(project, memberId);
            if (address.equals(held.member().email().address())) {
                return held;
            }
            organizations.checkNotClaimed(project, held.organization(), address);
            Optional<Taken> retired = free(project, held, address).filter(own -> own.state() == State.RETIRED);
            store.endUpdate(project.id(), memberId);
            return replace(project, held, retired.map(Taken::emailId), address, false, unlink);
        });
    }

    /// Holds an address for a member who wants to change to it, for [#UPDATE_MINUTES]. It takes the place of
    /// another one that the member wanted. Joins the transaction that is under way.
    ///
    /// @param address as [dev.selvage.users.Contacts#email] gives it
    /// @return the address, with the id that [#finishUpdate] takes
    /// @throws ApiError `member_not_found`, `email_updates_available_only_for_active_members`,
    ///                  `member_has_no_active_verified_email`, `duplicate_member_email` also when it is the
    ///                  member's own, `desired_email_deactivated_by_different_member`,
    ///                  `desired_email_updating_for_different_member`,
    ///                  `action_not_allowed_email_domain_is_claimed`
    public Member.Email startUpdate(Project project, String memberId, String address) {
        return database.transaction(() -> {
            Membership held = members.held(project, memberId);
            Member member = held.member();
            Check.that(
                    member.status() == Member.Status.ACTIVE, ErrorType.EMAIL_UPDATES_AVAILABLE_ONLY_FOR_ACTIVE_MEMBERS);
            Check.that(member.email().verified(), ErrorType.MEMBER_HAS_NO_ACTIVE_VERIFIED_EMAIL);
            Check.that(!address.equals(member.email().address()), ErrorType.DUPLICATE_MEMBER_EMAIL);
            organizations.checkNotClaimed(project, held.organization(), address);
            long expiresAt = clock.millis() + UPDATE_MINUTES * Times.MINUTE_MILLIS;
            Optional<Taken> retired = free(project, held, address).filter(own -> own.state() == State.RETIRED);
            store.endUpdate(project.id(), memberId);
            if (retired.isPresent()) {
                store.prolongUpdate(project.id(), retired.get().emailId(), expiresAt);
                return new Member.Email(retired.get().emailId(), address, false);
            }
            Member.Email wanted = new Member.Email(Ids.EMAIL.next(clock, project.environment()), address, false);
            insert(
                    project,
                    member,
                    wanted,
                    State.WAITING,
                    expiresAt,
                    ErrorType.DESIRED_EMAIL_DEACTIVATED_BY_DIFFERENT_MEMBER);
            return wanted;
        });
    }

    /// A change of address that is under way.
    ///
    /// @param emailId as [#finishUpdate] takes it
    public record Update(String memberId, String emailId) {}

    /// The change to an address that is under way in an organization; empty when there is none, or its time is
    /// over.
    ///
    /// @param address as [dev.selvage.users.Contacts#email] gives it
    public Optional<Update> findUpdate(Project project, Organization organization, String address) {
        return store.taken(project.id(), organization.id(), address, clock.millis())
                .filter(Taken::updating)
                .map(taken -> new Update(taken.memberId(), taken.emailId()));
    }

    /// Completes, in the transaction of a sign-in, the change to an address that the member has now proven to
    /// hold. It is verified then, the one before is retired, and the password gone.
    ///
    /// @param emailId of the address, as [#startUpdate] gave it
    /// @throws ApiError `member_not_found`, `unable_to_verify_member_email_update` when its time is over, or
    ///                  another change took its place
    public Membership finishUpdate(Project project, String memberId, String emailId) {
        return database.transaction(() -> {
            Membership held = members.held(project, memberId);
            Check.that(
                    held.member().status() == Member.Status.ACTIVE
                            && store.isUpdating(project.id(), memberId, emailId, clock.millis()),
                    ErrorType.UNABLE_TO_VERIFY_MEMBER_EMAIL_UPDATE);
            return replace(project, held, Optional.of(emailId), "", true, false);
        });
    }

    /// Frees a retired address of a member. An id and an address that are both given must be of one.
    ///
    /// @param emailId null or empty when it is not given
    /// @param address as [dev.selvage.users.Contacts#email] gives it; null when it is not given
    /// @throws ApiError `member_not_found`, `email_not_found`
    public Membership unlinkRetired(Project project, String memberId, String emailId, String address) {
        return database.transaction(() -> {
            Membership held = members.held(project, memberId);
            Member.Email retired = held.member().emails().retired().stream()
                    .filter(email -> Check.given(emailId) == 0 || email.id().equals(emailId))
                    .filter(email -> address == null || email.address().equals(address))
                    .findFirst()
                    .orElseThrow(() -> ApiError.of(ErrorType.EMAIL_NOT_FOUND));
            store.delete(project.id(), retired.id());
            return members.touched(project, held);
        });
    }

    /// Puts a new current address in the place of the one before.
    ///
    /// @param known of an address that is the member's already; empty when `address` is to be added
    private Membership replace(
            Project project,
            Membership held,
            Optional<String> known,
            String address,
            boolean verified,
            boolean unlink) {
        Member.Email before = held.member().email();
        if (unlink) {
            store.delete(project.id(), before.id());
        } else {
            List<Member.Email> retired = held.member().emails().retired().stream()
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
                    held.member(),
                    new Member.Email(Ids.EMAIL.next(clock, project.environment()), address, verified),
                    State.CURRENT,
                    null,
                    ErrorType.DESIRED_EMAIL_DEACTIVATED_BY_DIFFERENT_MEMBER);
        }
        members.dropPassword(project, held.member().id());
        return members.touched(project, held);
    }

    /// Refuses an address that another member has or holds; what it is to the member itself.
    private Optional<Taken> free(Project project, Membership held, String address) {
        Optional<Taken> taken = store.taken(project.id(), held.organization().id(), address, clock.millis());
        if (taken.isPresent() && !taken.get().memberId().equals(held.member().id())) {
            throw refusal(taken, ErrorType.DESIRED_EMAIL_DEACTIVATED_BY_DIFFERENT_MEMBER);
        }
        return taken;
    }

    private void insert(
            Project project, Member member, Member.Email email, State state, Long expiresAt, ErrorType retired) {
        long now = clock.millis();
        if (!store.insert(project.id(), member, email, state, expiresAt, now)) {
            throw refusal(store.taken(project.id(), member.organizationId(), email.address(), now), retired);
        }
    }

    /// Why an address that is taken cannot be had.
    ///
    /// @param retired the refusal of one that another member had before
    static ApiError refusal(Optional<Taken> taken, ErrorType retired) {
        return ApiError.of(
                switch (taken.map(Taken::state).orElse(State.CURRENT)) {
                    case CURRENT, FORMER -> ErrorType.DUPLICATE_MEMBER_EMAIL;
                    case RETIRED -> retired;
                    case WAITING -> ErrorType.DESIRED_EMAIL_UPDATING_FOR_DIFFERENT_MEMBER;
                });
    }
}
