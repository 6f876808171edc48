package dev.selvage.organizations;

import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.base.World;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.organizations.MemberStore.EmailState;
import dev.selvage.projects.Project;
import dev.selvage.rbac.Policies;
import dev.selvage.users.Metadata;
import dev.selvage.users.Names;
import dev.selvage.users.Subjects;
import dev.selvage.users.Users;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.JdbiException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The members of organizations: who they are, what they can prove, how they are found. Nobody is ever found through another
/// organization than their own.
public final class Members {

    /// Letters, digits and `. _ - |`, at most 128. Source: `semantics.md` 2.
    private static final Pattern EXTERNAL_ID = Pattern.compile("[A-Za-z0-9._|-]{1,128}");

    /// More roles than anyone needs; the contract names no bound.
    private static final int ROLES_MAX = 100;

    private final MemberStore store;
    private final Subjects subjects;
    private final Organizations organizations;
    private final Database database;
    private final World world;

    public Members(Subjects subjects, Organizations organizations, Database database, World world) {
        this.store = new MemberStore(database, subjects);
        this.subjects = subjects;
        this.organizations = organizations;
        this.database = database;
        this.world = world;
    }

    /// What a new member is made of; all but address and status may be null.
    ///
    /// @param email as [dev.selvage.users.Contacts#email] gives it
    /// @param phone as [dev.selvage.users.Contacts#phone] gives it
    public record NewMember(String email, Member.Status status, String name, JsonNode trustedMetadata,
                            JsonNode untrustedMetadata, String externalId, List<String> roles, Boolean breakglass, String phone,
                            Boolean mfaEnrolled) {

        /// A member of whom only an address is known.
        public static NewMember withEmail(String email, Member.Status status) {
            return new NewMember(email, status, null, null, null, null, null, null, null, null);
        }
    }

    /// Makes a member.
    ///
    /// @throws ApiError `duplicate_member_email`, `duplicate_member_external_id`, `organization_not_found` when it was
    ///                  deleted meanwhile, and those of names, metadata and roles
    public Membership create(Project project, Organization organization, NewMember wanted) {
        String name = Names.full(wanted.name());
        ObjectNode trusted = Metadata.merge(Json.object(), wanted.trustedMetadata());
        ObjectNode untrusted = Metadata.merge(Json.object(), wanted.untrustedMetadata());
        String externalId = externalId(wanted.externalId());
        List<String> roles = roles(project, organization, wanted.roles());
        return database.transaction(() -> {
            long now = world.millis();
            Member.Email email = new Member.Email(Ids.EMAIL.next(world, project.environment()), wanted.email(), false);
            Member.Phone phone = wanted.phone() == null ? null
                    : new Member.Phone(Ids.PHONE.next(world, project.environment()), wanted.phone(), false);
            Member member = new Member(Ids.MEMBER.next(world, project.environment()), organization.id(), wanted.status(), name,
                    email, List.of(), Boolean.TRUE.equals(wanted.breakglass()), phone,
                    Boolean.TRUE.equals(wanted.mfaEnrolled()), null, roles, "", "", trusted, untrusted, externalId, null, 0,
                    now, now);
            Organization current = organizations.get(project, organization.id());
            Check.that(store.insert(project.id(), member), ErrorType.DUPLICATE_MEMBER_EXTERNAL_ID);
            Check.that(store.insertEmail(project.id(), member, email, EmailState.CURRENT, null, now),
                    ErrorType.DUPLICATE_MEMBER_EMAIL);
            return new Membership(current, member);
        });
    }

    /// The member of a Stytch id or an external id in an organization, which has an id, an external id or a slug.
    ///
    /// @throws ApiError those of [Organizations#get]; `invalid_id` for what can be neither,
    ///                  `…_id_used_in_…_environment`, `member_not_found` also when the member is deleted
    public Membership get(Project project, String organizationKey, String memberKey) {
        checkKey(project, memberKey);
        Organization organization = organizations.get(project, organizationKey);
        return store.find(project.id(), organization.id(), memberKey, world.millis())
                .filter(found -> found.member().exists())
                .orElseThrow(() -> ApiError.of(ErrorType.MEMBER_NOT_FOUND));
    }

    /// The member of a Stytch id, whatever the organization; empty when there is none or the member is deleted. For ids that
    /// come from this server's own rows.
    public Optional<Membership> find(Project project, String memberId) {
        return store.find(project.id(), memberId, world.millis()).filter(found -> found.member().exists());
    }

    /// The member of an organization whose address it is.
    ///
    /// @param email as [dev.selvage.users.Contacts#email] gives it
    public Optional<Membership> findByEmail(Project project, Organization organization, String email) {
        return store.findByEmail(project.id(), organization.id(), email, world.millis());
    }

    /// Everyone in any organization of the project whose address it is, the oldest first.
    public List<Membership> allWithEmail(Project project, String email, int count) {
        return store.allWithEmail(project.id(), email, count, world.millis());
    }

    /// Changes a member. Calls that change one at once take turns, so that each builds on what the others wrote. Joins the
    /// transaction that is under way. Addresses are changed by calls of their own.
    ///
    /// @param change may refuse; its result is written
    /// @throws ApiError `member_not_found`, `duplicate_member_external_id`, and what `change` throws
    public Membership change(Project project, String memberId, UnaryOperator<Member> change) {
        try {
            return database.transaction(() -> {
                Membership before = held(project, memberId);
                Member after = change.apply(before.member());
                if (after.equals(before.member())) {
                    return before;
                }
                Member written = after.updatedAt(world.millis());
                store.update(project.id(), written);
                return before.with(written);
            });
        } catch (JdbiException refused) {
            throw database.isDuplicate(refused) ? ApiError.of(ErrorType.DUPLICATE_MEMBER_EXTERNAL_ID) : refused;
        }
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
            List<String> more = roles(project, held(project, memberId).organization(), roleIds);
            return change(project, memberId, member -> member.withExternalId(id == null ? member.externalId() : id)
                    .withRoles(Stream.concat(member.roles().stream(), more.stream()).distinct().toList()));
        });
    }

    /// The member, whom nobody else changes until the transaction under way ends.
    ///
    /// @throws ApiError `member_not_found`
    public Membership held(Project project, String memberId) {
        Check.that(subjects.hold(project.id(), memberId), ErrorType.MEMBER_NOT_FOUND);
        return find(project, memberId).orElseThrow(() -> ApiError.of(ErrorType.MEMBER_NOT_FOUND));
    }

    /// Invites a member who did not come yet. What `invited` says of the member besides the address is true from then on;
    /// what it leaves out stays as it was.
    ///
    /// @throws ApiError `duplicate_member_email` when the member is active; those of names, metadata and roles
    public Membership invite(Project project, Membership known, NewMember invited) {
        return change(project, known.member().id(), member -> {
            Check.that(member.status() != Member.Status.ACTIVE, ErrorType.DUPLICATE_MEMBER_EMAIL);
            String name = invited.name() == null ? member.name() : Names.full(invited.name());
            List<String> roles = invited.roles() == null ? member.roles() : roles(project, known.organization(), invited.roles());
            return new Member(member.id(), member.organizationId(), Member.Status.INVITED, name, member.email(),
                    member.retiredEmails(), member.breakglass(), member.phone(), member.mfaEnrolled(), member.defaultMfaMethod(),
                    roles, member.passwordId(), member.totpId(), Metadata.merge(member.trustedMetadata(), invited.trustedMetadata()),
                    Metadata.merge(member.untrustedMetadata(), invited.untrustedMetadata()), member.externalId(), member.lock(),
                    member.failedAttempts(), member.createdAt(), member.updatedAt());
        });
    }

    /// Records, in the transaction of a sign-in, that the member holds the current address: it is verified, and a pending or
    /// invited member active.
    ///
    /// @throws ApiError `member_not_found`
    public Membership provenEmail(Project project, String memberId) {
        Membership active = change(project, memberId, member -> member.withStatus(Member.Status.ACTIVE));
        Member.Email email = active.member().email();
        if (email.verified()) {
            return active;
        }
        store.verifyEmail(project.id(), memberId, email.id());
        return active.with(active.member().withEmail(new Member.Email(email.id(), email.address(), true)));
    }

    /// A success: failures are forgotten, and a pending or invited member is active. Answers the member as it is then.
    public Membership signedIn(Project project, Membership membership) {
        Member member = membership.member();
        if (member.failedAttempts() > 0) {
            subjects.succeeded(project.id(), member.id());
        }
        return member.status() == Member.Status.ACTIVE ? membership
                : change(project, member.id(), before -> before.withStatus(Member.Status.ACTIVE));
    }

    /// Refuses what can be neither an id nor an external id of a member.
    ///
    /// @throws ApiError `invalid_id`, `…_id_used_in_…_environment`
    public static void checkKey(Project project, String key) {
        Check.that(key != null && EXTERNAL_ID.matcher(key).matches(), ErrorType.INVALID_ID);
        if (Ids.MEMBER.claims(key)) {
            Users.checkId(project, Ids.MEMBER, key, ErrorType.INVALID_ID);
        }
    }

    private static String externalId(String given) {
        if (Check.given(given) == 0) {
            return null;
        }
        Check.that(EXTERNAL_ID.matcher(given).matches() && !Ids.looksLikeOne(given), ErrorType.INVALID_ID);
        return given;
    }

    /// Roles that may be given: those of the project and of the organization's own policy. The one that every member has is
    /// never stored.
    private static List<String> roles(Project project, Organization organization, List<String> given) {
        if (given == null) {
            return List.of();
        }
        Check.that(given.size() <= ROLES_MAX, ErrorType.TOO_MANY_ROLES);
        List<String> known = Stream.concat(Policies.of(project).roles().stream(), organization.roles().stream())
                .map(role -> role.roleId()).toList();
        Check.that(known.containsAll(given), ErrorType.INVALID_RBAC_ROLE_ID);
        return given.stream().filter(role -> !role.equals(Member.DEFAULT_ROLE)).distinct().toList();
    }
}
