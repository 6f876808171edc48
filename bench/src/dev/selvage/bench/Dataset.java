package dev.selvage.bench;

import dev.selvage.base.Json;
import dev.selvage.base.ShardKey;
import dev.selvage.base.Times;
import dev.selvage.base.Tokens;
import dev.selvage.db.Database;
import dev.selvage.db.Dialect;
import dev.selvage.organizations.OrganizationSettings;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.SessionTokens;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;

/// The rows of a store that has been in use: users with 1, 5 and 50 sessions, members of organizations with one each. They are
/// computed from their numbers, so that a load script can know every id and token of ten million sessions and nobody keeps them.
/// Writes them straight into the tables of the program, in large batches.
///
/// The sessions of one user lie apart in the table, as they do when they were made over a month. Ids are as random as the
/// program's own. No session has ended.
///
/// @param sessions        how many in all
/// @param consumerProject project id
/// @param b2bProject      project id
/// @param tokens          under the master key of the store
/// @param now             milliseconds; they started in the month before it and expire in the month behind it
record Dataset(int sessions, String consumerProject, String b2bProject, SessionTokens tokens, long now) {

    private static final long SEED = 20_260_101;
    private static final int ROWS_PER_TRANSACTION = 50_000;
    private static final int ROWS_PER_BATCH = 1_000;
    private static final int MEMBERS_PER_ORGANIZATION = 100;
    private static final long MONTH_MILLIS = 30 * Times.DAY_MILLIS;
    /// Prime and larger than any number of sessions, so that multiples of it visit each slot once.
    private static final long STRIDE = 15_485_863;
    private static final String ADDRESS = "198.51.100.7";
    private static final String USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    /// Whose sessions they are, and how many each has.
    enum Group {
        ONE(1, 40), FIVE(5, 20), FIFTY(50, 10), MEMBERS(1, 30);

        private final int each;
        private final int percent;

        Group(int each, int percent) {
            this.each = each;
            this.percent = percent;
        }

        /// How many sessions each of its subjects has.
        int each() {
            return each;
        }
    }

    private enum Kind { SUBJECT, EMAIL, ORGANIZATION, SESSION }

    /// A session's place: the group, and whose it is by number.
    private record Slot(Group group, int subject) { }

    int subjects(Group group) {
        return (int) ((long) sessions * group.percent / 100 / group.each);
    }

    String subjectId(Group group, int number) {
        String uuid = uuid(Kind.SUBJECT, group.ordinal(), number).toString();
        return group == Group.MEMBERS ? beside(organizationId(number), "member-test-", uuid) : "user-test-" + uuid;
    }

    /// An id with the shard key of another, as the program makes them.
    private static String beside(String neighbour, String prefix, String uuid) {
        String shardKey = ShardKey.of(neighbour);
        return prefix + shardKey + uuid.substring(shardKey.length());
    }

    /// The organization of a member.
    String organizationId(int member) {
        return "organization-test-" + uuid(Kind.ORGANIZATION, 0, member / MEMBERS_PER_ORGANIZATION);
    }

    /// Tokens of sessions of a group.
    List<String> tokens(Group group, int count) {
        int first = firstSlot(group);
        int all = subjects(group) * group.each;
        return sample(all, count, i -> token(first + i, group));
    }

    /// Evenly spread numbers below `all` in an order without locality, as what `each` makes of them.
    static <T> List<T> sample(int all, int count, IntFunction<T> each) {
        int taken = Math.min(all, count);
        List<Integer> numbers = new ArrayList<>(taken);
        for (int i = 0; i < taken; i++) {
            numbers.add((int) ((long) i * all / taken));
        }
        Collections.shuffle(numbers, new Random(SEED));
        return numbers.stream().map(each::apply).toList();
    }

    /// Writes everything; the store must hold the two projects and nothing of theirs.
    void write(Database database) {
        rows(database, "INSERT INTO organizations (project_id, organization_id, name, search_name, slug, settings, roles,"
                + " trusted_metadata, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (subjects(Group.MEMBERS) + MEMBERS_PER_ORGANIZATION - 1) / MEMBERS_PER_ORGANIZATION, (row, i) ->
                        values(row, b2bProject, organizationId(i * MEMBERS_PER_ORGANIZATION), "Company " + i, "company " + i, "company-" + i,
                                Json.write(OrganizationSettings.DEFAULT), "[]", "{}", began(), began()));
        for (Group group : Group.values()) {
            rows(database, "INSERT INTO subjects (project_id, shard_key, subject_id, failed_attempts) VALUES (?, ?, ?, 0)", subjects(group),
                    (row, i) -> values(row, project(group), ShardKey.of(subjectId(group, i)), subjectId(group, i)));
            if (group == Group.MEMBERS) {
                writeMembers(database);
            } else {
                writeUsers(database, group);
            }
        }
        writeSessions(database);
        if (database.dialect() == Dialect.POSTGRESQL) {
            // What autovacuum does in time.
            database.read(handle -> handle.execute("VACUUM ANALYZE"));
        }
    }

    private void writeUsers(Database database, Group group) {
        rows(database, "INSERT INTO users (project_id, shard_key, user_id, status, first_name, middle_name, last_name, search_name,"
                + " trusted_metadata, untrusted_metadata, roles, created_at) VALUES (?, ?, ?, 'ACTIVE', ?, '', ?, ?, '{}', '{}', '[]', ?)",
                subjects(group), (row, i) -> values(row, consumerProject, ShardKey.of(subjectId(group, i)), subjectId(group, i), "Ada", "No" + i, "ada no" + i, began()));
        rows(database, "INSERT INTO user_factors (project_id, shard_key, factor_id, user_id, kind, value, verified, detail, created_at)"
                + " VALUES (?, ?, ?, ?, 'EMAIL', ?, TRUE, '{}', ?)", subjects(group), (row, i) -> values(row, consumerProject,
                ShardKey.of(subjectId(group, i)), emailId(group, i), subjectId(group, i), email(group, i), began()));
        rows(database, "INSERT INTO user_identifiers (project_id, kind, value, user_id, factor_id) VALUES (?, 'EMAIL', ?, ?, ?)",
                subjects(group), (row, i) ->
                        values(row, consumerProject, email(group, i), subjectId(group, i), emailId(group, i)));
    }

    private void writeMembers(Database database) {
        Group group = Group.MEMBERS;
        rows(database, "INSERT INTO members (project_id, shard_key, member_id, organization_id, status, name, is_breakglass, mfa_enrolled,"
                + " phone_verified, roles, trusted_metadata, untrusted_metadata, created_at, updated_at)"
                + " VALUES (?, ?, ?, ?, 'ACTIVE', ?, FALSE, FALSE, FALSE, '[]', '{}', '{}', ?, ?)", subjects(group), (row, i) ->
                values(row, b2bProject, ShardKey.of(subjectId(group, i)), subjectId(group, i), organizationId(i), "Ada No" + i, began(), began()));
        rows(database, "INSERT INTO member_emails (project_id, shard_key, email_id, organization_id, member_id, email_address, email_domain,"
                + " state, verified, created_at) VALUES (?, ?, ?, ?, ?, ?, 'example.com', 'CURRENT', TRUE, ?)", subjects(group), (row, i) ->
                values(row, b2bProject, ShardKey.of(subjectId(group, i)), emailId(group, i), organizationId(i), subjectId(group, i), email(group, i), began()));
    }

    private void writeSessions(Database database) {
        int slots = slots();
        rows(database, "INSERT INTO sessions (project_id, shard_key, session_id, subject_id, organization_id, token_hash, started_at,"
                + " last_accessed_at, expires_at, ip_address, user_agent, factors, custom_claims, version)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '{}', 0)", slots, (row, i) -> {
            int slot = (int) (i * STRIDE % slots);
            Slot whose = slot(slot);
            Group group = whose.group;
            long started = began() + MONTH_MILLIS * i / slots;
            values(row, project(group), ShardKey.of(sessionId(slot)), sessionId(slot), subjectId(group, whose.subject),
                    group == Group.MEMBERS ? organizationId(whose.subject) : null, Tokens.hash(token(slot, group)),
                    started, started, now + Times.DAY_MILLIS + MONTH_MILLIS * i / slots, ADDRESS, USER_AGENT,
                    Json.write(List.of(Factor.emailMagicLink(emailId(group, whose.subject), email(group, whose.subject), started))));
        });
    }

    private interface Row {
        void bind(PreparedStatement row, int number) throws SQLException;
    }

    private static void rows(Database database, String sql, int count, Row each) {
        for (int begin = 0; begin < count; begin += ROWS_PER_TRANSACTION) {
            int from = begin;
            int to = Math.min(count, begin + ROWS_PER_TRANSACTION);
            database.change(handle -> {
                if (database.dialect() == Dialect.POSTGRESQL) {
                    // The rows belong together as they are made: looking each one's owner up costs more than writing it.
                    handle.execute("SET LOCAL session_replication_role = replica");
                }
                insert(handle.getConnection(), sql, from, to, each);
            });
        }
    }

    private static void insert(Connection connection, String sql, int from, int to, Row each) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = from; i < to; i++) {
                each.bind(statement, i);
                statement.addBatch();
                if ((i + 1 - from) % ROWS_PER_BATCH == 0 || i + 1 == to) {
                    statement.executeBatch();
                }
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void values(PreparedStatement row, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            row.setObject(i + 1, values[i]);
        }
    }

    private String project(Group group) {
        return group == Group.MEMBERS ? b2bProject : consumerProject;
    }

    private long began() {
        return now - MONTH_MILLIS;
    }

    /// How many sessions there are in fact: each subject has all of its own.
    int slots() {
        return firstSlot(Group.MEMBERS) + subjects(Group.MEMBERS);
    }

    private int firstSlot(Group group) {
        int first = 0;
        for (Group before : Group.values()) {
            if (before == group) {
                return first;
            }
            first += subjects(before) * before.each;
        }
        return first;
    }

    private Slot slot(int slot) {
        int left = slot;
        for (Group group : Group.values()) {
            int all = subjects(group) * group.each;
            if (left < all) {
                return new Slot(group, left / group.each);
            }
            left -= all;
        }
        throw new IllegalArgumentException("There are not so many sessions: " + slot);
    }

    private String token(int slot, Group group) {
        return tokens.of(project(group), sessionId(slot));
    }

    private String sessionId(int slot) {
        Slot whose = slot(slot);
        return beside(subjectId(whose.group, whose.subject), "session-test-", uuid(Kind.SESSION, 0, slot).toString());
    }

    private static String emailId(Group group, int number) {
        return "email-test-" + uuid(Kind.EMAIL, group.ordinal(), number);
    }

    private static String email(Group group, int number) {
        return "ada+" + group.ordinal() + "." + number + "@example.com";
    }

    /// A UUID of version 4 that looks random and is always the same.
    private static UUID uuid(Kind kind, int group, int number) {
        long key = SEED << 40 ^ (long) kind.ordinal() << 36 ^ (long) group << 32 ^ number;
        long high = mixed(key);
        long low = mixed(high ^ key);
        return new UUID(high & 0xffff_ffff_ffff_0fffL | 0x4000L, low & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L);
    }

    /// The finalizer of SplitMix64: one-to-one, so that two numbers never have one id.
    private static long mixed(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
