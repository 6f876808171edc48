package dev.selvage.organizations;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.db.Database;
import dev.selvage.db.DuplicateException;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.MemberErrors;
import dev.selvage.error.OrganizationErrors;
import dev.selvage.error.RbacErrors;
import dev.selvage.organizations.OrganizationSettings.Allowance;
import dev.selvage.projects.Policy;
import dev.selvage.projects.Project;
import dev.selvage.rbac.Policies;
import dev.selvage.rbac.PolicyCheck;
import dev.selvage.users.Metadata;
import dev.selvage.users.PathIds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The organizations of B2B projects: creation, changes, lookup, custom roles, and the rules for joining.
public final class Organizations {

    /// The maximum number of custom roles. The contract defines no bound.
    private static final int ROLES_MAX = 100;
    /// The maximum size of all custom roles, as compact JSON in UTF-8: 64 KB. Each response with the
    /// organization reads them.
    private static final int ROLES_BYTES_MAX = 64 << 10;

    /// How often an insert tries a generated slug. Two random suffixes are equal once in a billion.
    private static final int SLUG_ATTEMPTS_MAX = 5;

    private final OrganizationStore store;
    private final PathIds pathIds;
    private final Database database;
    private final ClockAndRandom clock;

    public Organizations(PathIds pathIds, Database database, ClockAndRandom clock) {
        this.pathIds = pathIds;
        this.store = new OrganizationStore(database);
        this.database = database;
        this.clock = clock;
    }

    /// The checked data of a new organization.
    ///
    /// @param name       null if the request does not set it
    /// @param slug       null if the request does not set it
    /// @param externalId null for none
    public record Draft(
            @Nullable String name,
            @Nullable String slug,
            @Nullable String externalId,
            ObjectNode trustedMetadata,
            OrganizationSettings settings) {}

    /// The number of organizations in the project.
    public long count(Project project) {
        return store.count(project.id());
    }

    /// Creates an organization. Without a slug it gets one generated from its name, with a suffix if that is
    /// taken.
    ///
    /// @throws ApiError `organization_name_missing`, `organization_slug_already_used`,
    ///                  `organization_external_id_already_used`, and those of [#draft]
    public Organization create(Project project, OrganizationChange change) {
        Check.that(Check.isGiven(change.name()), OrganizationErrors.ORGANIZATION_NAME_MISSING);
        Draft draft = draft(project, change);
        return insert(project, draft, Objects.requireNonNull(draft.name));
    }

    /// Creates an organization for an address that signs in. Name and slug are generated from the address
    /// unless they are set.
    ///
    /// @throws ApiError `organization_slug_already_used`, `organization_external_id_already_used`,
    ///                  `action_not_allowed_email_domain_is_claimed`
    public Organization createFor(Project project, EmailAddress email, Draft draft) {
        if (store.claimed(project.id(), email.domain())) {
            throw ApiError.bySetting(
                    MemberErrors.ACTION_NOT_ALLOWED_EMAIL_DOMAIN_IS_CLAIMED, email.domain(), List.of());
        }
        return insert(project, draft, OrganizationNames.nameFor(email));
    }

    /// Checks the data of a new organization in a request.
    ///
    /// @throws ApiError `invalid_organization_name`, `invalid_organization_slug`,
    ///                  `invalid_organization_external_id`,
    ///                  `external_organization_id_same_as_organization_id`, and those of metadata and settings
    public Draft draft(Project project, OrganizationChange change) {
        String name = Check.isGiven(change.name()) ? OrganizationNames.name(change.name()) : null;
        String slug = Check.isGiven(change.slug()) ? OrganizationNames.slug(change.slug()) : null;
        Optional<String> externalId = OrganizationNames.externalId(change.externalId());
        pathIds.check(
                Optional.ofNullable(slug), null, "organization_slug", OrganizationErrors.INVALID_ORGANIZATION_SLUG);
        pathIds.check(
                externalId, null, "organization_external_id", OrganizationErrors.INVALID_ORGANIZATION_EXTERNAL_ID);
        return new Draft(
                name,
                slug,
                externalId.orElse(null),
                Metadata.merge(Json.object(), change.trustedMetadata()),
                change.settings().create(knownRoles(project, List.of())));
    }

    /// @param called the source of name and slug where the draft does not set them
    private Organization insert(Project project, Draft draft, String called) {
        String slug = draft.slug == null ? OrganizationNames.slugOf(called) : draft.slug;
        return database.transaction(() -> {
            String free = pathIds.leadsElsewhere().test(slug) ? OrganizationNames.slugLike(slug, clock) : slug;
            for (int attempt = 0; attempt < SLUG_ATTEMPTS_MAX; attempt++) {
                long now = clock.millis();
                Organization made = new Organization(
                        Ids.ORGANIZATION.next(clock, project.environment()),
                        draft.name == null ? called : draft.name,
                        free,
                        draft.externalId,
                        draft.settings,
                        List.of(),
                        draft.trustedMetadata,
                        now,
                        now);
                if (store.insert(project.id(), made)) {
                    return made;
                }
                Check.that(
                        store.slugOwner(project.id(), free).isPresent(),
                        OrganizationErrors.ORGANIZATION_EXTERNAL_ID_ALREADY_USED);
                Check.that(draft.slug == null, OrganizationErrors.ORGANIZATION_SLUG_ALREADY_USED);
                free = OrganizationNames.slugLike(slug, clock);
            }
            throw ApiError.of(OrganizationErrors.ORGANIZATION_SLUG_ALREADY_USED);
        });
    }

    /// Returns the organization with an id, an external id or a slug. They are looked up in this order.
    ///
    /// @throws ApiError `invalid_organization_id` for a text that can be none of them,
    ///                  `…_id_used_in_…_environment`, `organization_not_found`
    public Organization get(Project project, String key) {
        return find(project, key).orElseThrow(() -> ApiError.of(OrganizationErrors.ORGANIZATION_NOT_FOUND));
    }

    /// As [#get]; empty if the organization does not exist.
    public Optional<Organization> find(Project project, String key) {
        checkKey(project, key);
        return store.find(project.id(), key);
    }

    /// Returns the organizations of the keys, each once.
    ///
    /// @throws ApiError as [#get]
    public List<Organization> all(Project project, Collection<String> keys) {
        keys.forEach(key -> checkKey(project, key));
        List<Organization> found = store.all(project.id(), keys);
        Map<String, Organization> bySlug = new HashMap<>();
        found.forEach(organization -> bySlug.put(organization.slug(), organization));
        Map<String, Organization> byId = new HashMap<>();
        found.forEach(organization -> byId.put(organization.id(), organization));
        found.stream()
                .filter(organization -> organization.externalId() != null)
                .forEach(organization -> byId.put(organization.externalId(), organization));
        return keys.stream()
                .map(key -> byId.getOrDefault(key, bySlug.get(key)))
                .map(organization -> Optional.ofNullable(organization)
                        .orElseThrow(() -> ApiError.of(OrganizationErrors.ORGANIZATION_NOT_FOUND)))
                .distinct()
                .toList();
    }

    /// Whether an id, an external id or a slug is that of this organization.
    ///
    /// @throws ApiError `invalid_organization_id` for a text that can be none of them,
    ///                  `…_id_used_in_…_environment`
    public boolean isNamed(Project project, Organization organization, String key) {
        return organization.id().equals(key)
                || find(project, key)
                        .filter(named -> named.id().equals(organization.id()))
                        .isPresent();
    }

    /// Refuses a text that cannot be an id, an external id or a slug.
    ///
    /// @throws ApiError `invalid_organization_id`, `…_id_used_in_…_environment`
    public static void checkKey(Project project, String key) {
        OrganizationNames.checkKey(project, key);
    }

    /// Changes an organization. The organization is locked, so that each of several concurrent changes builds
    /// on the result of the one before.
    ///
    /// @throws ApiError `organization_not_found`, `invalid_organization_id`, and those of [#create] except for
    ///                  a missing name
    public Organization update(Project project, String key, OrganizationChange change) {
        String name = Check.isGiven(change.name()) ? OrganizationNames.name(change.name()) : null;
        String slug = Check.isGiven(change.slug()) ? OrganizationNames.slug(change.slug()) : null;
        Optional<String> externalId = OrganizationNames.externalId(change.externalId());
        SettingsChange settings = change.settings();
        try {
            return change(project, key, before -> {
                pathIds.check(
                        Optional.ofNullable(slug),
                        before.slug(),
                        "organization_slug",
                        OrganizationErrors.INVALID_ORGANIZATION_SLUG);
                pathIds.check(
                        externalId,
                        before.externalId(),
                        "organization_external_id",
                        OrganizationErrors.INVALID_ORGANIZATION_EXTERNAL_ID);
                return new Organization(
                        before.id(),
                        name == null ? before.name() : name,
                        slug == null ? before.slug() : slug,
                        externalId.orElse(before.externalId()),
                        settings.update(before.settings(), knownRoles(project, before.roles())),
                        before.roles(),
                        Metadata.merge(before.trustedMetadata(), change.trustedMetadata()),
                        before.createdAt(),
                        clock.millis());
            });
        } catch (DuplicateException taken) {
            boolean slugTaken = slug != null
                    && store.slugOwner(project.id(), slug)
                            .filter(owner -> !owner.equals(get(project, key).id()))
                            .isPresent();
            throw ApiError.of(
                    slugTaken
                            ? OrganizationErrors.ORGANIZATION_SLUG_ALREADY_USED
                            : OrganizationErrors.ORGANIZATION_EXTERNAL_ID_ALREADY_USED);
        }
    }

    /// Deletes the external id of an organization, if there is one. It can be used again at once.
    ///
    /// @throws ApiError `organization_not_found`, `invalid_organization_id`
    public Organization deleteExternalId(Project project, String key) {
        return change(
                project,
                key,
                before -> new Organization(
                        before.id(),
                        before.name(),
                        before.slug(),
                        null,
                        before.settings(),
                        before.roles(),
                        before.trustedMetadata(),
                        before.createdAt(),
                        clock.millis()));
    }

    /// Replaces the roles of the organization's own policy. They may only permit actions on the project's
    /// resources, and their ids may not be those of roles of the project (`sdk-facts.md` 9).
    ///
    /// @throws ApiError `organization_not_found`, `too_many_roles`, `rbac_role_duplicate`,
    ///                  `invalid_rbac_custom_role`
    public Organization setRoles(Project project, String key, List<Policy.Role> roles) {
        Policy policy = Policies.of(project);
        Check.that(roles.size() <= ROLES_MAX, RbacErrors.TOO_MANY_ROLES);
        Set<String> taken =
                new HashSet<>(policy.roles().stream().map(Policy.Role::roleId).toList());
        Check.that(
                roles.stream().allMatch(role -> role.roleId() == null || taken.add(role.roleId())),
                RbacErrors.RBAC_ROLE_DUPLICATE);
        PolicyCheck.problems(
                        new Policy(List.of(), policy.resources(), List.of()), new Policy(roles, List.of(), List.of()))
                .stream()
                .findFirst()
                .ifPresent(problem -> {
                    throw ApiError.of(
                            RbacErrors.INVALID_RBAC_CUSTOM_ROLE,
                            problem.toString().replaceFirst("^rbac", "org_policy") + ".");
                });
        if (Json.bytes(roles).length > ROLES_BYTES_MAX) {
            throw ApiError.of(
                    RbacErrors.INVALID_RBAC_CUSTOM_ROLE,
                    "org_policy.roles may not take more than " + ROLES_BYTES_MAX + " bytes.");
        }
        return change(
                project,
                key,
                before -> new Organization(
                        before.id(),
                        before.name(),
                        before.slug(),
                        before.externalId(),
                        before.settings(),
                        roles,
                        before.trustedMetadata(),
                        before.createdAt(),
                        clock.millis()));
    }

    /// Refuses an address that may not become a member by a sign-in (`semantics.md` 5.4).
    ///
    /// @throws ApiError `action_not_allowed_email_domain_is_claimed`, `email_jit_provisioning_not_allowed`,
    ///                  `invalid_email_for_jit_provisioning`
    public void checkMayJoin(Project project, Organization organization, EmailAddress email) {
        checkNotClaimed(project, organization, email);
        Check.that(
                organization.settings().emailJitProvisioning() != Allowance.NOT_ALLOWED,
                MemberErrors.EMAIL_JIT_PROVISIONING_NOT_ALLOWED);
        String domain = email.domain();
        if (!organization.settings().emailAllowedDomains().contains(domain)) {
            // The response does not list the allowed domains, because the caller is not a member.
            throw ApiError.bySetting(MemberErrors.INVALID_EMAIL_FOR_JIT_PROVISIONING, domain, List.of());
        }
    }

    /// Returns the organizations that the owner of this address is not in but may join without an invite,
    /// oldest first. They allow its domain and have a member with a verified address of it (`semantics.md`
    /// 5.2).
    public List<Organization> joinable(Project project, EmailAddress email, int count) {
        return store.joinable(project.id(), email.value(), email.domain(), count, clock.millis());
    }

    /// Refuses an address that may not be invited.
    ///
    /// @throws ApiError `action_not_allowed_email_domain_is_claimed`, `invalid_email_for_invites`
    public void checkMayBeInvited(Project project, Organization organization, EmailAddress email) {
        checkNotClaimed(project, organization, email);
        OrganizationSettings settings = organization.settings();
        String domain = email.domain();
        boolean allowed =
                switch (settings.emailInvites()) {
                    case ALL_ALLOWED -> true;
                    case RESTRICTED -> settings.emailAllowedDomains().contains(domain);
                    case NOT_ALLOWED -> false;
                };
        if (!allowed) {
            throw ApiError.bySetting(
                    MemberErrors.INVALID_EMAIL_FOR_INVITES,
                    domain,
                    List.of(settings.emailInvites().name()));
        }
    }

    /// Refuses an address whose domain is claimed by other organizations and not by this one.
    ///
    /// @throws ApiError `action_not_allowed_email_domain_is_claimed`
    public void checkNotClaimed(Project project, Organization organization, EmailAddress email) {
        String domain = email.domain();
        if (!organization.settings().claimedEmailDomains().contains(domain) && store.claimed(project.id(), domain)) {
            throw ApiError.bySetting(MemberErrors.ACTION_NOT_ALLOWED_EMAIL_DOMAIN_IS_CLAIMED, domain, List.of());
        }
    }

    /// Deletes an organization and all dependent data. Returns the Stytch id.
    ///
    /// @throws ApiError `organization_not_found`, `invalid_organization_id`
    public String delete(Project project, String key) {
        String id = get(project, key).id();
        Check.that(store.delete(project.id(), id), OrganizationErrors.ORGANIZATION_NOT_FOUND);
        return id;
    }

    private Organization change(Project project, String key, UnaryOperator<Organization> change) {
        return database.transaction(() -> {
            String id = get(project, key).id();
            Check.that(store.lock(project.id(), id), OrganizationErrors.ORGANIZATION_NOT_FOUND);
            Organization before = store.find(project.id(), id)
                    .orElseThrow(() -> ApiError.of(OrganizationErrors.ORGANIZATION_NOT_FOUND));
            Organization after = change.apply(before);
            store.update(project.id(), after);
            return after;
        });
    }

    private static Set<String> knownRoles(Project project, List<Policy.Role> own) {
        List<Policy.Role> roles = new ArrayList<>(Policies.of(project).roles());
        roles.addAll(own);
        return new HashSet<>(roles.stream().map(Policy.Role::roleId).toList());
    }
}
