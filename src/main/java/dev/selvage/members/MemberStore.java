package dev.selvage.members;

import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.base.ShardKey;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.db.Bindings;
import dev.selvage.db.Database;
import dev.selvage.db.Row;
import dev.selvage.db.Sql;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.organizations.OrganizationStore;
import dev.selvage.projects.Project;
import dev.selvage.subjects.SubjectStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The table `members`. Reads also join `member_emails`, which [MemberEmailStore] writes, so that one statement
/// returns a whole member.
public final class MemberStore {

    /// The columns of a member, for a statement over `members m` and its joins. A member has one row for each
    /// retired address, and at least one row.
    public static final String COLUMNS = """
            m.member_id, m.organization_id AS member_organization_id, m.status AS member_status, m.name AS member_name,
            m.is_breakglass, m.mfa_enrolled, m.default_mfa_method, m.phone_id, m.phone_number, m.phone_verified,
            m.roles AS member_roles, m.trusted_metadata AS member_trusted_metadata,
            m.untrusted_metadata AS member_untrusted_metadata, m.external_id AS member_external_id,
            m.created_at AS member_created_at, m.updated_at AS member_updated_at,
            j.failed_attempts, j.lock_created_at, j.lock_expires_at, p.password_id,
            t.totp_id,
            e.email_id, e.email_address, e.verified AS email_verified,
            r.email_id AS retired_id, r.email_address AS retired_address, r.verified AS retired_verified,
            r.created_at AS retired_created_at""";

    /// The tables that belong to a member. Each is joined to the subject; `UserStore` gives the reason.
    public static final String JOINS = """
            JOIN subjects j ON j.project_id = m.project_id AND j.shard_key = m.shard_key AND j.subject_id = m.member_id
            JOIN member_emails e ON e.project_id = j.project_id AND e.shard_key = j.shard_key AND e.member_id = j.subject_id
                AND e.state IN ('CURRENT', 'FORMER')
            LEFT JOIN member_emails r ON r.project_id = j.project_id AND r.shard_key = j.shard_key
                AND r.member_id = j.subject_id AND r.state = 'RETIRED'
            LEFT JOIN totps t ON t.project_id = j.project_id AND t.shard_key = j.shard_key AND t.subject_id = j.subject_id
                AND t.verified = TRUE
            LEFT JOIN passwords p ON p.project_id = j.project_id AND p.shard_key = j.shard_key AND p.subject_id = j.subject_id""";

    private static final String BY_ID = select("m.shard_key = :shardKey AND m.member_id = :memberId");
    private static final String BY_EXTERNAL_ID = select("m.organization_id = :organizationId AND m.external_id = :key");
    private static final String BY_ADDRESS = select("""
            m.member_id = (SELECT c.member_id FROM member_emails c
                           WHERE c.project_id = :projectId AND c.organization_id = :organizationId
                             AND c.email_address = :address AND c.state = 'CURRENT')""");

    private static final Comparator<Retired> OLDEST_FIRST = Comparator.comparingLong(Retired::createdAt)
            .thenComparing(each -> each.email().id());

    private final Database database;
    private final SubjectStore subjects;

    MemberStore(Database database, SubjectStore subjects) {
        this.database = database;
        this.subjects = subjects;
    }

    /// Adds the passwords of addresses to members, if the project shares passwords between organizations
    /// (`passwords.cross_organization`). Otherwise returns the members unchanged. This is a separate query,
    /// because an address can be in another shard than its members.
    public static List<Membership> withPasswordsOfAddresses(
            Database database, Project project, List<Membership> found) {
        if (found.isEmpty() || !project.settings().passwords().crossOrganization()) {
            return found;
        }
        Bindings sql = new Bindings();
        List<String> organizations = found.stream()
                .map(membership -> membership.organization().id())
                .distinct()
                .toList();
        List<String> addresses = found.stream()
                .map(membership -> membership.member().email().address().value())
                .distinct()
                .toList();
        List<AddressPassword> passwords = database.read("""
                        SELECT p.subject_id, p.password_id, x.organization_id FROM passwords p
                        LEFT JOIN password_exclusions x ON x.project_id = p.project_id AND x.shard_key = p.shard_key
                            AND x.subject_id = p.subject_id AND x.organization_id IN %s
                        WHERE p.project_id = %s AND p.shard_key IN %s AND p.subject_id IN %s""".formatted(
                                sql.bindAll(organizations),
                                sql.bind(project.id()),
                                sql.bindAll(addresses.stream().map(ShardKey::of).toList()),
                                sql.bindAll(addresses)))
                .bind(sql.values())
                .all(row -> new AddressPassword(
                        row.text("subject_id"), row.text("password_id"), row.textOrNull("organization_id")));
        Map<String, String> passwordIds = new HashMap<>();
        passwords.forEach(each -> passwordIds.put(each.address, each.passwordId));
        Set<List<String>> excluded = passwords.stream()
                .filter(each -> each.excluded != null)
                .map(each -> List.of(each.address, each.excluded))
                .collect(Collectors.toSet());
        return found.stream()
                .map(membership -> {
                    Member member = membership.member();
                    String address = member.email().address().value();
                    // Another member can use the address of a deleted member.
                    boolean hasNone = member.status() == Member.Status.DELETED
                            || excluded.contains(
                                    List.of(address, membership.organization().id()));
                    String passwordId = hasNone ? "" : passwordIds.getOrDefault(address, "");
                    return new Membership(membership.organization(), member.withPassword(passwordId));
                })
                .toList();
    }

    /// The password of an address, one row for each excluded organization.
    ///
    /// @param excluded id of an organization that the password does not sign in to; null for none of the
    ///                 requested
    private record AddressPassword(
            String address, String passwordId, @Nullable String excluded) {}

    /// Finds a member by id in any organization, including deleted members.
    Optional<Membership> find(Project project, String memberId, long now) {
        return findOne(
                project,
                database.read(BY_ID).bind("shardKey", ShardKey.of(memberId)).bind("memberId", memberId),
                now);
    }

    /// Finds a member by id or external id in one organization, including deleted members.
    Optional<Membership> find(Project project, String organizationId, String key, long now) {
        if (Ids.MEMBER.matches(key)) {
            return find(project, key, now)
                    .filter(found -> found.organization().id().equals(organizationId));
        }
        return findOne(
                project,
                database.read(BY_EXTERNAL_ID)
                        .bind("organizationId", organizationId)
                        .bind("key", key),
                now);
    }

    /// Finds the member with this current address. Deleted members are not found.
    Optional<Membership> findByEmail(Project project, String organizationId, String address, long now) {
        return findOne(
                project,
                database.read(BY_ADDRESS).bind("organizationId", organizationId).bind("address", address),
                now);
    }

    /// Returns members of all organizations with this current address, oldest first. Deleted members are not
    /// included.
    List<Membership> findAllByEmail(Project project, String address, int count, long now) {
        return memberships(
                database,
                project,
                now,
                database.read("""
                        SELECT %s, %s
                        FROM members m
                        JOIN organizations o ON o.project_id = m.project_id AND o.organization_id = m.organization_id
                        %s
                        WHERE m.project_id = :projectId AND m.member_id IN (
                            SELECT c.member_id FROM member_emails c
                            WHERE c.project_id = :projectId AND c.email_address = :address AND c.state = 'CURRENT'
                            ORDER BY c.created_at, c.member_id LIMIT :count)
                        ORDER BY m.created_at, m.member_id""".formatted(OrganizationStore.COLUMNS, COLUMNS, JOINS))
                        .bind("projectId", project.id())
                        .bind("address", address)
                        .bind("count", count));
    }

    /// Counts the members of a project, without deleted ones.
    long count(String projectId) {
        return database.read("""
                        SELECT COUNT(*) FROM members WHERE project_id = :projectId AND status <> 'DELETED'""").bind("projectId", projectId).number();
    }

    /// Counts the members of an organization, without deleted ones.
    long count(String projectId, String organizationId) {
        return database.read("""
                        SELECT COUNT(*) FROM members
                        WHERE project_id = :projectId AND organization_id = :organizationId AND status <> 'DELETED'""")
                .bind("projectId", projectId)
                .bind("organizationId", organizationId)
                .number();
    }

    /// Inserts subject and member, without an address. Returns false if the external id or the phone number is
    /// taken.
    boolean insert(String projectId, Member member) {
        subjects.insert(projectId, member.id());
        return bind(database.write("""
                INSERT INTO members (project_id, shard_key, member_id, organization_id, status, name, is_breakglass, mfa_enrolled,
                                     default_mfa_method, phone_id, phone_number, phone_verified, roles, trusted_metadata,
                                     untrusted_metadata, external_id, created_at, updated_at)
                VALUES (:projectId, :shardKey, :id, :organizationId, :status, :name, :breakglass, :mfaEnrolled,
                        :defaultMfaMethod, :phoneId, :phoneNumber, :phoneVerified, :roles, :trusted,
                        :untrusted, :externalId, :createdAt, :updatedAt)
                ON CONFLICT DO NOTHING"""), projectId, member)
                        .bind("organizationId", member.organizationId())
                        .bind("createdAt", member.timestamps().createdAt())
                        .update()
                == 1;
    }

    /// Writes all mutable columns of the member's own row. Throws a [DuplicateException] if the external id or
    /// the phone number is taken.
    void update(String projectId, Member member) {
        bind(database.write("""
                UPDATE members SET status = :status, name = :name, is_breakglass = :breakglass, mfa_enrolled = :mfaEnrolled,
                                   default_mfa_method = :defaultMfaMethod, phone_id = :phoneId, phone_number = :phoneNumber,
                                   phone_verified = :phoneVerified, roles = :roles, trusted_metadata = :trusted,
                                   untrusted_metadata = :untrusted, external_id = :externalId, updated_at = :updatedAt
                WHERE project_id = :projectId AND shard_key = :shardKey AND member_id = :id"""), projectId, member).update();
    }

    /// Whether a member of the organization has this phone number.
    boolean phoneTaken(String projectId, String organizationId, String number) {
        return database.read("""
                        SELECT 1 FROM members
                        WHERE project_id = :projectId AND organization_id = :organizationId AND phone_number = :number""")
                .bind("projectId", projectId)
                .bind("organizationId", organizationId)
                .bind("number", number)
                .exists();
    }

    /// Returns the id of the member that owns a password.
    Optional<String> passwordOwner(String projectId, String passwordId) {
        return database.read("""
                        SELECT p.subject_id FROM passwords p
                        JOIN members m ON m.project_id = p.project_id AND m.shard_key = p.shard_key AND m.member_id = p.subject_id
                        WHERE p.project_id = :projectId AND p.password_id = :passwordId""")
                .bind("projectId", projectId)
                .bind("passwordId", passwordId)
                .first(row -> row.text("subject_id"));
    }

    private Optional<Membership> findOne(Project project, Sql statement, long now) {
        return statement
                .bind("projectId", project.id())
                .first(rows -> read(rows, now))
                .map(membership -> withPasswordsOfAddresses(database, project, List.of(membership))
                        .getFirst());
    }

    private static String select(String condition) {
        return """
                SELECT %s, %s
                FROM members m
                JOIN organizations o ON o.project_id = m.project_id AND o.organization_id = m.organization_id
                %s
                WHERE m.project_id = :projectId AND %s""".formatted(OrganizationStore.COLUMNS, COLUMNS, JOINS, condition);
    }

    /// Returns the memberships of a query over [#COLUMNS] and [OrganizationStore#COLUMNS], in the order of
    /// their first rows.
    ///
    /// @param now current time in milliseconds, to skip expired locks
    static List<Membership> memberships(Database database, Project project, long now, Sql query) {
        // Members of one organization share one Organization object.
        Map<String, Organization> known = new HashMap<>();
        return withPasswordsOfAddresses(database, project, query.groups(rows -> {
            String organizationId = rows.text("organization_id");
            if (!known.containsKey(organizationId)) {
                known.put(organizationId, OrganizationStore.read(rows));
            }
            return read(rows, known.get(organizationId), now);
        }));
    }

    /// Reads one membership from a result over [#COLUMNS] and [OrganizationStore#COLUMNS]. The reader starts on
    /// the first row of a member and advances past its last row. The rows of one member are adjacent, in any
    /// order, as in `UserStore`.
    ///
    /// @param now current time in milliseconds, to skip an expired lock
    public static Membership read(Row rows, long now) {
        return read(rows, OrganizationStore.read(rows), now);
    }

    private static Membership read(Row rows, Organization organization, long now) {
        Member member = readWithoutRetired(rows, now);
        List<Retired> retired = new ArrayList<>();
        do {
            addRetired(rows, retired);
        } while (rows.next() && rows.text("member_id").equals(member.id()));
        retired.sort(OLDEST_FIRST);
        return new Membership(
                organization,
                member.withRetiredEmails(retired.stream().map(Retired::email).toList()));
    }

    private record Retired(Member.Email email, long createdAt) {}

    private static Member readWithoutRetired(Row row, long now) {
        long lockedUntil = row.number("lock_expires_at");
        SubjectStore.Lock lock =
                lockedUntil > now ? new SubjectStore.Lock(row.number("lock_created_at"), lockedUntil) : null;
        String phoneId = row.textOrNull("phone_id");
        Member.Phone phone = phoneId == null
                ? null
                : new Member.Phone(phoneId, row.text("phone_number"), row.flag("phone_verified"));
        String mfaMethod = row.textOrNull("default_mfa_method");
        String passwordId = row.textOrNull("password_id");
        String totpId = row.textOrNull("totp_id");
        return new Member(
                row.text("member_id"),
                row.text("member_organization_id"),
                Member.Status.valueOf(row.text("member_status")),
                new Member.Profile(
                        row.text("member_name"),
                        row.textOrNull("member_external_id"),
                        Json.object(row.text("member_trusted_metadata")),
                        Json.object(row.text("member_untrusted_metadata"))),
                new Member.Emails(
                        new Member.Email(
                                row.text("email_id"),
                                new EmailAddress(row.text("email_address")),
                                row.flag("email_verified")),
                        List.of()),
                new Member.Mfa(
                        row.flag("mfa_enrolled"),
                        mfaMethod == null ? null : MfaMethod.valueOf(mfaMethod),
                        phone,
                        totpId == null ? "" : totpId),
                row.flag("is_breakglass"),
                Json.strings(row.text("member_roles")),
                passwordId == null ? "" : passwordId,
                new SubjectStore.Failures(lock, row.integer("failed_attempts")),
                new Member.Timestamps(row.number("member_created_at"), row.number("member_updated_at")));
    }

    private static void addRetired(Row row, List<Retired> retired) {
        String id = row.textOrNull("retired_id");
        if (id != null) {
            retired.add(new Retired(
                    new Member.Email(id, new EmailAddress(row.text("retired_address")), row.flag("retired_verified")),
                    row.number("retired_created_at")));
        }
    }

    private static Sql bind(Sql statement, String projectId, Member member) {
        return statement
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(member.id()))
                .bind("id", member.id())
                .bind("status", member.status().name())
                .bind("name", member.name())
                .bind("breakglass", member.breakglass())
                .bind("mfaEnrolled", member.mfa().enrolled())
                .bind(
                        "defaultMfaMethod",
                        member.mfa().method() == null
                                ? null
                                : member.mfa().method().name())
                .bind("phoneId", member.mfaPhone().map(Member.Phone::id).orElse(null))
                .bind("phoneNumber", member.mfaPhone().map(Member.Phone::number).orElse(null))
                .bind(
                        "phoneVerified",
                        member.mfaPhone().map(Member.Phone::verified).orElse(false))
                .bind("roles", Json.write(member.roles()))
                .bind("trusted", Json.write(member.profile().trustedMetadata()))
                .bind("untrusted", Json.write(member.profile().untrustedMetadata()))
                .bind("externalId", member.externalId())
                .bind("updatedAt", member.timestamps().updatedAt());
    }
}
