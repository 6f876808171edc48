package dev.selvage.bench;

import dev.selvage.backend.b2b.MemberSessionBody;
import dev.selvage.base.Json;
import dev.selvage.base.KeyedHash;
import dev.selvage.base.ShardKey;
import dev.selvage.base.Times;
import dev.selvage.base.Tokens;
import dev.selvage.bench.Dataset.Group;
import dev.selvage.bench.Dataset.Slot;
import dev.selvage.organizations.OrganizationSettings;
import dev.selvage.passwords.ProgramHashing;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.Session;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.Subject;
import dev.selvage.sessions.TokenSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;

/// The rows of a [Dataset], table by table, as the program would write them.
final class Tables {

    private static final String ADDRESS = "198.51.100.7";
    private static final String USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private static final String REDIRECT_URL = "https://example.com/login";
    /// The first number of session ids that are not slots.
    private static final int ENDED_FROM = 1_000_000_000;
    private static final String SESSION_COLUMNS =
            "project_id, shard_key, session_id, subject_id, organization_id, token_hash, sealed_token,"
                    + " started_at, last_accessed_at, expires_at, ended_at, end_reason, ip_address, user_agent, factors, custom_claims, version, json";

    private final Dataset dataset;
    private final KeyedHash codes;
    private final String passwordHash;

    Tables(Dataset dataset) {
        this.dataset = dataset;
        this.codes = new KeyedHash(dataset.keys(), "selvage one-time passcodes");
        this.passwordHash = ProgramHashing.hash(Dataset.PASSWORD);
    }

    /// Rows of one table.
    ///
    /// @param columns separated by commas
    /// @param row returns the values of the row with this number: text, numbers, booleans, bytes, null. Several
    ///         threads call it at the same time
    record Rows(String table, String columns, int count, IntFunction<Object[]> row) {}

    /// All rows of the store, owners first.
    List<Rows> all() {
        List<Rows> all = new ArrayList<>();
        all.add(organizations());
        for (Group group : Group.values()) {
            all.add(new Rows(
                    "subjects",
                    "project_id, shard_key, subject_id, failed_attempts",
                    dataset.subjects(group),
                    i -> values(
                            dataset.project(group),
                            ShardKey.of(dataset.subjectId(group, i)),
                            dataset.subjectId(group, i),
                            0)));
            if (group == Group.MEMBERS) {
                all.add(members());
                all.add(memberEmails());
            } else {
                all.add(users(group));
                all.add(userFactors(group));
                all.add(userIdentifiers(group));
            }
        }
        all.add(passwords());
        all.add(sessions());
        all.add(links());
        all.add(codes());
        return all;
    }

    /// Sessions of members that ended, and whose retention is over: a sweep deletes them.
    Rows ended(int count) {
        long ended = dataset.now() - Sessions.RETENTION_MILLIS - Times.DAY_MILLIS;
        return new Rows("sessions", SESSION_COLUMNS, count, i -> {
            int owner = i % dataset.subjects(Group.ONE);
            String ownerId = dataset.subjectId(Group.ONE, owner);
            String id = Dataset.sessionId(ownerId, ENDED_FROM + i);
            String token = Dataset.token(id);
            return values(
                    dataset.consumerProject(),
                    ShardKey.of(ownerId),
                    id,
                    ownerId,
                    null,
                    Tokens.hash(token),
                    dataset.tokens().seal(token),
                    ended - Times.DAY_MILLIS,
                    ended,
                    ended + Times.DAY_MILLIS,
                    ended,
                    "REVOKED",
                    ADDRESS,
                    USER_AGENT,
                    factors(Group.ONE, owner, ended),
                    "{}",
                    0,
                    // An ended session is in no list.
                    null);
        });
    }

    /// A hash of all rows and columns. A store that was filled with other rows has another fingerprint.
    String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Rows rows : all()) {
                digest.update((rows.table + " " + rows.columns + " " + rows.count)
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
                digest.update(Arrays.deepToString(rows.row.apply(rows.count - 1))
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Rows organizations() {
        String settings = Json.write(OrganizationSettings.DEFAULT);
        return new Rows(
                "organizations",
                "project_id, organization_id, name, search_name, slug, settings, roles, trusted_metadata,"
                        + " created_at, updated_at",
                dataset.organizations(),
                i -> values(
                        dataset.b2bProject(),
                        Dataset.organizationIdOf(i),
                        "Company " + i,
                        "company " + i,
                        "company-" + i,
                        settings,
                        "[]",
                        "{}",
                        dataset.began(),
                        dataset.began()));
    }

    private Rows users(Group group) {
        return new Rows(
                "users",
                "project_id, shard_key, user_id, status, first_name, middle_name, last_name, search_name, trusted_metadata,"
                        + " untrusted_metadata, roles, created_at",
                dataset.subjects(group),
                i -> values(
                        dataset.consumerProject(),
                        ShardKey.of(dataset.subjectId(group, i)),
                        dataset.subjectId(group, i),
                        "ACTIVE",
                        "Ada",
                        "",
                        "No" + i,
                        "ada no" + i,
                        "{}",
                        "{}",
                        "[]",
                        dataset.began()));
    }

    private Rows userFactors(Group group) {
        return new Rows(
                "user_factors",
                "project_id, shard_key, factor_id, user_id, kind, value, verified, detail, created_at",
                dataset.subjects(group),
                i -> values(
                        dataset.consumerProject(),
                        ShardKey.of(dataset.subjectId(group, i)),
                        Dataset.emailId(group, i),
                        dataset.subjectId(group, i),
                        "EMAIL",
                        dataset.email(group, i),
                        true,
                        "{}",
                        dataset.began()));
    }

    private Rows userIdentifiers(Group group) {
        return new Rows(
                "user_identifiers",
                "project_id, kind, value, user_id, factor_id",
                dataset.subjects(group),
                i -> values(
                        dataset.consumerProject(),
                        "EMAIL",
                        dataset.email(group, i),
                        dataset.subjectId(group, i),
                        Dataset.emailId(group, i)));
    }

    /// All passwords have the same hash, because separate hashes would take longer than all other rows. The
    /// cost of reading and verifying a password is the same.
    private Rows passwords() {
        return new Rows(
                "passwords",
                "project_id, shard_key, subject_id, password_id, hash, requires_reset, created_at",
                dataset.subjects(Group.FIVE),
                i -> values(
                        dataset.consumerProject(),
                        ShardKey.of(dataset.subjectId(Group.FIVE, i)),
                        dataset.subjectId(Group.FIVE, i),
                        Dataset.passwordId(Group.FIVE, i),
                        passwordHash,
                        false,
                        dataset.began()));
    }

    private Rows members() {
        return new Rows(
                "members",
                "project_id, shard_key, member_id, organization_id, status, name, is_breakglass, mfa_enrolled, phone_verified,"
                        + " roles, trusted_metadata, untrusted_metadata, created_at, updated_at",
                dataset.subjects(Group.MEMBERS),
                i -> values(
                        dataset.b2bProject(),
                        ShardKey.of(dataset.subjectId(Group.MEMBERS, i)),
                        dataset.subjectId(Group.MEMBERS, i),
                        dataset.organizationId(i),
                        "ACTIVE",
                        "Ada No" + i,
                        false,
                        false,
                        false,
                        "[]",
                        "{}",
                        "{}",
                        dataset.began(),
                        dataset.began()));
    }

    private Rows memberEmails() {
        Group group = Group.MEMBERS;
        return new Rows(
                "member_emails",
                "project_id, shard_key, email_id, organization_id, member_id, email_address, email_domain, state,"
                        + " verified, created_at",
                dataset.subjects(group),
                i -> values(
                        dataset.b2bProject(),
                        ShardKey.of(dataset.subjectId(group, i)),
                        Dataset.emailId(group, i),
                        dataset.organizationId(i),
                        dataset.subjectId(group, i),
                        dataset.email(group, i),
                        "example.com",
                        "CURRENT",
                        true,
                        dataset.began()));
    }

    private Rows sessions() {
        return new Rows("sessions", SESSION_COLUMNS, dataset.slots(), row -> {
            int slot = dataset.slotOfRow(row);
            Slot whose = dataset.slot(slot);
            Group group = whose.group();
            String subjectId = dataset.subjectId(group, whose.subject());
            String id = Dataset.sessionId(subjectId, slot);
            long started = dataset.started(row);
            String token = dataset.token(slot);
            String organizationId = group == Group.MEMBERS ? dataset.organizationId(whose.subject()) : null;
            Session session = new Session(
                    id,
                    organizationId == null
                            ? new Subject.User(subjectId)
                            : new Subject.Member(subjectId, organizationId),
                    started,
                    started,
                    dataset.expires(row),
                    new Attributes(ADDRESS, USER_AGENT),
                    List.of(factor(group, whose.subject(), started)),
                    Json.object(),
                    new TokenSource.Known(token),
                    0,
                    null);
            return values(
                    dataset.project(group),
                    ShardKey.of(id),
                    id,
                    subjectId,
                    organizationId,
                    Tokens.hash(token),
                    dataset.tokens().seal(token),
                    started,
                    started,
                    dataset.expires(row),
                    null,
                    null,
                    ADDRESS,
                    USER_AGENT,
                    Factor.json(session.factors()),
                    "{}",
                    0,
                    MemberSessionBody.json(session).column());
        });
    }

    private Rows links() {
        return new Rows(
                "links",
                "project_id, token_hash, purpose, subject_id, method_id, email_address, redirect_url, code_challenge,"
                        + " ip_address, user_agent, created_at, expires_at",
                dataset.links(),
                i -> {
                    int user = dataset.linkedUser(i);
                    return values(
                            dataset.consumerProject(),
                            Tokens.hash(dataset.linkToken(i)),
                            "LOGIN",
                            dataset.subjectId(Group.ONE, user),
                            Dataset.emailId(Group.ONE, user),
                            "",
                            REDIRECT_URL,
                            "",
                            ADDRESS,
                            USER_AGENT,
                            dataset.now(),
                            dataset.expires(0));
                });
    }

    private Rows codes() {
        return new Rows(
                "codes",
                "project_id, channel, target, subject_id, method_id, code_hash, key_id, attempts, created_at, expires_at",
                dataset.codes(),
                i -> {
                    String email = dataset.email(Group.MEMBERS, i);
                    String memberId = dataset.subjectId(Group.MEMBERS, i);
                    // As `codes/Codes`; the test of the benchmark signs in with one.
                    byte[] hash =
                            codes.of(String.join("\n", dataset.b2bProject(), "email", email, memberId, Dataset.CODE));
                    return values(
                            dataset.b2bProject(),
                            "email",
                            email + " " + memberId,
                            memberId,
                            Dataset.emailId(Group.MEMBERS, i),
                            hash,
                            dataset.keys().current().id(),
                            0,
                            dataset.now(),
                            dataset.expires(0));
                });
    }

    private String factors(Group group, int subject, long at) {
        return Factor.json(List.of(factor(group, subject, at)));
    }

    private Factor factor(Group group, int subject, long at) {
        return Factor.emailMagicLink(Dataset.emailId(group, subject), dataset.email(group, subject), at);
    }

    private static Object[] values(Object... values) {
        return values;
    }
}
