package dev.selvage.members;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.db.Database;
import dev.selvage.db.DuplicateException;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.MemberErrors;
import dev.selvage.members.MemberEmailStore.State;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.rbac.RequiredPermissions.Permission;
import dev.selvage.subjects.SubjectStore;
import java.util.List;

/// Deletes members and reactivates deleted ones. The row of a deleted member is kept.
public final class MemberDeletion {

    private final MemberStore store;
    private final MemberEmailStore emails;
    private final SubjectStore subjects;
    private final Members members;
    private final Organizations organizations;
    private final Database database;
    private final ClockAndRandom clock;

    public MemberDeletion(
            SubjectStore subjects,
            Members members,
            Organizations organizations,
            Database database,
            ClockAndRandom clock) {
        this.store = new MemberStore(database, subjects);
        this.emails = new MemberEmailStore(database);
        this.subjects = subjects;
        this.members = members;
        this.organizations = organizations;
        this.database = database;
        this.clock = clock;
    }

    /// Deletes a member. Only [Members#getAny] finds it afterwards. The addresses, the external id and the
    /// phone number are free for other members at once, and the password is deleted. Name, roles and metadata
    /// are kept for a reactivation. The caller ends the rest, such as sessions, in the same transaction.
    ///
    /// @throws ApiError `member_not_found`
    public void delete(Project project, String memberId) {
        database.transaction(() -> {
            Member member = members.getForUpdate(project, memberId).member();
            store.update(
                    project.id(),
                    member.withStatus(Member.Status.DELETED)
                            .withExternalId(null)
                            .withRetiredEmails(List.of())
                            .withMfa(new Member.Mfa(member.mfa().enrolled(), null, null, ""))
                            .withPassword("")
                            .updatedAt(clock.millis()));
            emails.deleteAll(project.id(), member);
            subjects.deletePassword(project.id(), memberId);
            return null;
        });
    }

    /// Makes a deleted member active again, with its former address.
    ///
    /// @param memberId an id; the external id was deleted with the member
    /// @throws ApiError those of [Organizations#get], `invalid_id`, `…_id_used_in_…_environment`,
    ///                  `member_not_found`, `no_deleted_member_found_for_reactivation`,
    ///                  `member_has_no_active_verified_email`, `reactivation_email_belongs_to_another_member`,
    ///                  `action_not_allowed_email_domain_is_claimed`
    public Membership reactivate(Project project, String organizationKey, String memberId) {
        Members.checkId(project, memberId);
        return database.transaction(() -> {
            Organization organization = organizations.get(project, organizationKey);
            Check.that(subjects.lockRow(project.id(), memberId), MemberErrors.MEMBER_NOT_FOUND);
            Membership deleted = store.find(project, organization.id(), memberId, clock.millis())
                    .orElseThrow(() -> ApiError.of(MemberErrors.MEMBER_NOT_FOUND));
            Member.Email email = deleted.member().email();
            Check.that(!deleted.member().exists(), MemberErrors.NO_DELETED_MEMBER_FOUND_FOR_REACTIVATION);
            Check.that(email.verified(), MemberErrors.MEMBER_HAS_NO_ACTIVE_VERIFIED_EMAIL);
            organizations.checkNotClaimed(project, organization, email.address());
            emails.deleteExpired(
                    project.id(), organization.id(), email.address().value(), clock.millis());
            try {
                emails.set(project.id(), email.id(), State.CURRENT, true);
            } catch (DuplicateException duplicate) {
                throw ApiError.of(MemberErrors.REACTIVATION_EMAIL_BELONGS_TO_ANOTHER_MEMBER);
            }
            return members.save(project, deleted, deleted.member().withStatus(Member.Status.ACTIVE));
        });
    }

    /// Returns the permissions that a member needs to reactivate another member of its organization. Refuses
    /// ids as [#reactivate] does.
    public List<Permission> rightsToReactivate(Project project, String organizationKey, String memberId) {
        Members.checkId(project, memberId);
        String organizationId = organizations.get(project, organizationKey).id();
        return MemberRights.toReactivate(
                store.find(project, organizationId, memberId, clock.millis()).map(Membership::member));
    }
}
