package dev.selvage.organizations;

import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.db.Bindings;
import dev.selvage.db.Database;
import dev.selvage.db.Row;
import dev.selvage.db.Sql;
import dev.selvage.organizations.OrganizationSettings.Allowance;
import dev.selvage.projects.Policy;
import dev.selvage.search.Like;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;

/// Stores organizations: the tables `organizations` and `organization_domains`.
public final class OrganizationStore {

    /// The columns of a whole organization, for a statement over `organizations o`.
    public static final String COLUMNS = """
            o.organization_id, o.name AS organization_name, o.slug, o.external_id AS organization_external_id, o.settings,
            o.roles AS organization_roles, o.trusted_metadata AS organization_metadata,
            o.created_at AS organization_created_at, o.updated_at AS organization_updated_at""";

    /// The setting that a domain belongs to.
    ///
    /// JOINABLE repeats the allowed domains of an organization whose email provisioning lets people join
    /// without an invite.
    enum DomainKind {
        ALLOWED,
        CLAIMED,
        JOINABLE
    }

    /// The subquery for the id of the organization with an external id or slug; binds `:projectId` and
    /// `:organizationKey`.
    public static final String ID_OF_KEY = """
            (SELECT n.organization_id FROM organizations n
             WHERE n.project_id = :projectId AND (n.external_id = :organizationKey OR n.slug = :organizationKey)
             ORDER BY CASE WHEN n.external_id = :organizationKey THEN 0 ELSE 1 END LIMIT 1)""";

    private final Database database;

    OrganizationStore(Database database) {
        this.database = database;
    }

    /// Finds an organization by id, external id or slug, in this order.
    Optional<Organization> find(String projectId, String key) {
        return database.read("""
                        SELECT %s FROM organizations o
                        WHERE o.project_id = :projectId AND o.organization_id = %s""".formatted(COLUMNS, idOf(key)))
                .bind("projectId", projectId)
                .bind("organizationKey", key)
                .first(OrganizationStore::read);
    }

    /// Returns every organization whose id, external id or slug is one of the keys.
    List<Organization> all(String projectId, Collection<String> keys) {
        Bindings bindings = new Bindings();
        List<String> all = List.copyOf(keys);
        return database.read("""
                        SELECT %s FROM organizations o
                        WHERE o.project_id = %s
                          AND (o.organization_id IN %s OR o.external_id IN %s OR o.slug IN %s)""".formatted(
                                COLUMNS,
                                bindings.bind(projectId),
                                bindings.bindAll(all),
                                bindings.bindAll(all),
                                bindings.bindAll(all)))
                .bind(bindings.values())
                .all(OrganizationStore::read);
    }

    /// Finds the id of the organization with this slug.
    Optional<String> slugOwner(String projectId, String slug) {
        return database.read("""
                        SELECT organization_id FROM organizations WHERE project_id = :projectId AND slug = :slug""")
                .bind("projectId", projectId)
                .bind("slug", slug)
                .first(row -> row.text("organization_id"));
    }

    /// Whether any organization claims the domain.
    boolean claimed(String projectId, String domain) {
        return database.read("""
                        SELECT 1 FROM organization_domains
                        WHERE project_id = :projectId AND kind = 'CLAIMED' AND domain = :domain LIMIT 1""")
                .bind("projectId", projectId)
                .bind("domain", domain)
                .exists();
    }

    /// Returns the organizations that an address may join by its domain, oldest first. It omits those in which
    /// the address is taken, those that do not claim a domain that another one claims, and those without a
    /// current, verified member address of the domain. Members and organizations are stored in different
    /// places, so members are selected as lists and not per organization.
    List<Organization> joinable(String projectId, String email, String domain, int count, long now) {
        return database.read("""
                        SELECT %s
                        FROM organization_domains d
                        JOIN organizations o ON o.project_id = d.project_id AND o.organization_id = d.organization_id
                        WHERE d.project_id = :projectId AND d.kind = 'JOINABLE' AND d.domain = :domain
                          AND (NOT EXISTS (
                                SELECT 1 FROM organization_domains c
                                WHERE c.project_id = :projectId AND c.kind = 'CLAIMED' AND c.domain = :domain)
                            OR EXISTS (
                                SELECT 1 FROM organization_domains c
                                WHERE c.project_id = :projectId AND c.organization_id = d.organization_id
                                  AND c.kind = 'CLAIMED' AND c.domain = :domain))
                          AND d.organization_id NOT IN (
                                SELECT t.organization_id FROM member_emails t
                                WHERE t.project_id = :projectId AND t.email_address = :email
                                  AND (t.state IN ('CURRENT', 'RETIRED') OR t.state = 'WAITING' AND t.expires_at > :now))
                          AND d.organization_id IN (
                                SELECT DISTINCT v.organization_id
                                FROM organization_domains x
                                JOIN member_emails v ON v.project_id = x.project_id AND v.organization_id = x.organization_id
                                WHERE x.project_id = :projectId AND x.kind = 'JOINABLE' AND x.domain = :domain
                                  AND v.email_domain = :domain AND v.state = 'CURRENT' AND v.verified)
                        ORDER BY o.created_at, o.organization_id
                        LIMIT :count""".formatted(COLUMNS))
                .bind("projectId", projectId)
                .bind("email", email)
                .bind("domain", domain)
                .bind("count", count)
                .bind("now", now)
                .all(OrganizationStore::read);
    }

    /// The number of organizations in the project.
    long count(String projectId) {
        return database.read("SELECT COUNT(*) FROM organizations WHERE project_id = :projectId")
                .bind("projectId", projectId)
                .number();
    }

    /// Inserts an organization; false if the slug or the external id is taken.
    boolean insert(String projectId, Organization organization) {
        return database.transaction(() -> {
            boolean inserted = bind(database.write("""
                    INSERT INTO organizations (project_id, organization_id, name, search_name, slug, external_id, settings,
                                               roles, trusted_metadata, created_at, updated_at)
                    VALUES (:projectId, :id, :name, :searchName, :slug, :externalId, :settings,
                            :roles, :trusted, :createdAt, :updatedAt)
                    ON CONFLICT DO NOTHING"""), projectId, organization)
                            .bind("createdAt", organization.createdAt())
                            .update()
                    == 1;
            if (inserted) {
                insertDomains(projectId, organization);
            }
            return inserted;
        });
    }

    /// Locks an organization against changes until the current transaction ends; false if it does not exist.
    boolean lock(String projectId, String organizationId) {
        return database.write("""
                        UPDATE organizations SET updated_at = updated_at
                        WHERE project_id = :projectId AND organization_id = :id""")
                        .bind("projectId", projectId)
                        .bind("id", organizationId)
                        .update()
                == 1;
    }

    /// Writes all fields that can change. Throws a [DuplicateException] if the slug or the external id is
    /// taken.
    void update(String projectId, Organization organization) {
        database.transaction(() -> {
            bind(database.write("""
                    UPDATE organizations SET name = :name, search_name = :searchName, slug = :slug,
                                             external_id = :externalId, settings = :settings, roles = :roles,
                                             trusted_metadata = :trusted, updated_at = :updatedAt
                    WHERE project_id = :projectId AND organization_id = :id"""), projectId, organization).update();
            database.write("""
                            DELETE FROM organization_domains
                            WHERE project_id = :projectId AND organization_id = :id""")
                    .bind("projectId", projectId)
                    .bind("id", organization.id())
                    .update();
            insertDomains(projectId, organization);
        });
    }

    /// Deletes an organization with its members and their dependent data; false if it does not exist.
    boolean delete(String projectId, String organizationId) {
        return database.transaction(() -> {
            // A concurrent call that adds a member waits for this row, because its slug changes. After the
            // commit that call finds no organization. No organization can have the new slug.
            boolean found = database.write("""
                            UPDATE organizations SET slug = organization_id || '/'
                            WHERE project_id = :projectId AND organization_id = :id""")
                            .bind("projectId", projectId)
                            .bind("id", organizationId)
                            .update()
                    == 1;
            database.write("""
                            DELETE FROM subjects WHERE project_id = :projectId AND subject_id IN (
                                SELECT member_id FROM members WHERE project_id = :projectId AND organization_id = :id)""")
                    .bind("projectId", projectId)
                    .bind("id", organizationId)
                    .update();
            database.write("""
                            DELETE FROM organizations WHERE project_id = :projectId AND organization_id = :id""")
                    .bind("projectId", projectId)
                    .bind("id", organizationId)
                    .update();
            return found;
        });
    }

    /// The subquery for the id of the organization with a key; binds `:projectId` and `:organizationKey`.
    public static String idOf(String key) {
        return Ids.ORGANIZATION.matches(key) ? ":organizationKey" : ID_OF_KEY;
    }

    /// Reads the organization of the current row of a result over [#COLUMNS].
    public static Organization read(Row row) {
        return new Organization(
                row.text("organization_id"),
                row.text("organization_name"),
                row.text("slug"),
                row.textOrNull("organization_external_id"),
                Json.read(row.text("settings"), OrganizationSettings.class),
                Json.read(row.text("organization_roles"), new TypeReference<List<Policy.Role>>() {}),
                Json.object(row.text("organization_metadata")),
                row.number("organization_created_at"),
                row.number("organization_updated_at"));
    }

    private static Sql bind(Sql statement, String projectId, Organization organization) {
        return statement
                .bind("projectId", projectId)
                .bind("id", organization.id())
                .bind("name", organization.name())
                .bind("searchName", Like.fold(organization.name()))
                .bind("slug", organization.slug())
                .bind("externalId", organization.externalId())
                .bind("settings", Json.write(organization.settings()))
                .bind("roles", Json.write(organization.roles()))
                .bind("trusted", Json.write(organization.trustedMetadata()))
                .bind("updatedAt", organization.updatedAt());
    }

    private void insertDomains(String projectId, Organization organization) {
        organization
                .settings()
                .emailAllowedDomains()
                .forEach(domain -> insertDomain(projectId, organization.id(), DomainKind.ALLOWED, domain));
        if (organization.settings().emailJitProvisioning() != Allowance.NOT_ALLOWED) {
            organization
                    .settings()
                    .emailAllowedDomains()
                    .forEach(domain -> insertDomain(projectId, organization.id(), DomainKind.JOINABLE, domain));
        }
        organization
                .settings()
                .claimedEmailDomains()
                .forEach(domain -> insertDomain(projectId, organization.id(), DomainKind.CLAIMED, domain));
    }

    private void insertDomain(String projectId, String organizationId, DomainKind kind, String domain) {
        database.write("""
                        INSERT INTO organization_domains (project_id, organization_id, kind, domain)
                        VALUES (:projectId, :id, :kind, :domain)""")
                .bind("projectId", projectId)
                .bind("id", organizationId)
                .bind("kind", kind.name())
                .bind("domain", domain)
                .update();
    }
}
