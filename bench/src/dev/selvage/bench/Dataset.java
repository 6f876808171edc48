package dev.selvage.bench;

import dev.selvage.base.MasterKeys;
import dev.selvage.base.ShardKey;
import dev.selvage.base.Times;
import dev.selvage.base.Tokens;
import dev.selvage.sessions.SessionTokens;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;

/// The content of a store in use: users with 1, 5 and 50 sessions, members of organizations with one session
/// each, and values that are valid once: links and codes. All values are computed from numbers, so that a load
/// script knows every id and token of ten million sessions without a list. [Tables] creates the rows.
///
/// The sessions of one user are spread over the table, as if they were created during a month. Ids are as
/// random as those of the program. No session has ended.
///
/// @param sessions        total number of sessions
/// @param consumerProject project id
/// @param b2bProject      project id
/// @param keys            master keys of the store
/// @param tokens          session tokens under these keys
/// @param now milliseconds. The sessions started in the month before, and expire 11 to 12 months after, so that
///         a store can be kept
record Dataset(
        int sessions, String consumerProject, String b2bProject, MasterKeys keys, SessionTokens tokens, long now) {

    /// The password of every user that has one.
    static final String PASSWORD = "correct horse battery staple 47";
    /// The code with which every member can sign in once.
    static final String CODE = "470815";

    private static final long SEED = 20_260_101;
    private static final int MEMBERS_PER_ORGANIZATION = 100;
    private static final int LINKS_MAX = 100_000;
    private static final int CODES_MAX = 100_000;
    /// A prime larger than any number of sessions, so that its multiples visit each slot once.
    private static final long STRIDE = 15_485_863;
    private static final long MONTH_MILLIS = 30 * Times.DAY_MILLIS;

    /// The kind of subject that sessions belong to, and how many sessions each has.
    enum Group {
        ONE(1, 40),
        FIVE(5, 20),
        FIFTY(50, 10),
        MEMBERS(1, 30);

        private final int each;
        private final int percent;

        Group(int each, int percent) {
            this.each = each;
            this.percent = percent;
        }

        /// The number of sessions of each subject.
        int each() {
            return each;
        }
    }

    private enum Kind {
        SUBJECT,
        EMAIL,
        ORGANIZATION,
        SESSION,
        PASSWORD
    }

    /// The subject of a session: its group and its number.
    record Slot(Group group, int subject) {}

    int subjects(Group group) {
        return (int) ((long) sessions * group.percent / 100 / group.each);
    }

    String project(Group group) {
        return group == Group.MEMBERS ? b2bProject : consumerProject;
    }

    String subjectId(Group group, int number) {
        String uuid = uuid(Kind.SUBJECT, group.ordinal(), number).toString();
        return group == Group.MEMBERS ? beside(organizationId(number), "member-test-", uuid) : "user-test-" + uuid;
    }

    /// An id with the shard key of another id, as the program creates them.
    private static String beside(String neighbour, String prefix, String uuid) {
        String shardKey = ShardKey.of(neighbour);
        return prefix + shardKey + uuid.substring(shardKey.length());
    }

    int organizations() {
        return (subjects(Group.MEMBERS) + MEMBERS_PER_ORGANIZATION - 1) / MEMBERS_PER_ORGANIZATION;
    }

    /// The organization of a member.
    String organizationId(int member) {
        return organizationIdOf(member / MEMBERS_PER_ORGANIZATION);
    }

    /// The organization with this number.
    static String organizationIdOf(int number) {
        return "organization-test-" + uuid(Kind.ORGANIZATION, 0, number);
    }

    static String emailId(Group group, int number) {
        return "email-test-" + uuid(Kind.EMAIL, group.ordinal(), number);
    }

    static String passwordId(Group group, int number) {
        return "password-test-" + uuid(Kind.PASSWORD, group.ordinal(), number);
    }

    /// The address of a subject. Each address of a member also belongs to another member in another
    /// organization.
    String email(Group group, int number) {
        int address = group == Group.MEMBERS ? number % pairs() : number;
        return "ada+" + group.ordinal() + "." + address + "@example.com";
    }

    /// The other member with the address of this one; the same member if no other has it.
    int pair(int member) {
        int other = member < pairs() ? member + pairs() : member - pairs();
        return other < subjects(Group.MEMBERS) ? other : member;
    }

    private int pairs() {
        return (subjects(Group.MEMBERS) + 1) / 2;
    }

    /// Tokens of sessions of a group.
    List<String> tokens(Group group, int count) {
        return ofSessions(group, count, this::token);
    }

    /// The results of `each` for sessions of a group, by slot.
    <T> List<T> ofSessions(Group group, int count, IntFunction<T> each) {
        int first = firstSlot(group);
        return sample(subjects(group) * group.each, count, i -> each.apply(first + i));
    }

    /// The number of links.
    int links() {
        return Math.min(LINKS_MAX, sessions);
    }

    /// The user of the first group whom a link signs in.
    int linkedUser(int link) {
        return link % subjects(Group.ONE);
    }

    /// The token of a link, as long and as random as those of the program.
    String linkToken(int link) {
        return Tokens.encode(bytes("link " + link, Tokens.BYTES));
    }

    /// The number of codes: one for each address, so that each code belongs to another member.
    int codes() {
        return Math.min(CODES_MAX, pairs());
    }

    /// The results of `each` for evenly spread numbers below `all`, in an order without locality.
    static <T> List<T> sample(int all, int count, IntFunction<T> each) {
        int taken = Math.min(all, count);
        List<Integer> numbers = new ArrayList<>(taken);
        for (int i = 0; i < taken; i++) {
            numbers.add((int) ((long) i * all / taken));
        }
        Collections.shuffle(numbers, new Random(SEED));
        return numbers.stream().map(each::apply).toList();
    }

    /// The time at which all subjects signed up, in milliseconds.
    long began() {
        return now - MONTH_MILLIS;
    }

    /// The start of the session in the given row, in milliseconds.
    long started(int row) {
        return began() + MONTH_MILLIS * row / slots();
    }

    /// The expiry of the session in the given row, in milliseconds.
    long expires(int row) {
        return now + 11 * MONTH_MILLIS + MONTH_MILLIS * row / slots();
    }

    /// The bound of expiry: a session that expires earlier was created by a call.
    long firstExpiry() {
        return now + 10 * MONTH_MILLIS;
    }

    /// The actual number of sessions: every subject has all of its sessions.
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

    /// The slot of the session in the given row.
    int slotOfRow(int row) {
        return (int) (row * STRIDE % slots());
    }

    Slot slot(int slot) {
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

    String token(int slot) {
        return token(sessionId(slot));
    }

    /// A session token that is the same in every run.
    static String token(String sessionId) {
        byte[] shardKey = ShardKey.bytes(sessionId);
        return Tokens.encode(ByteBuffer.allocate(Tokens.BYTES)
                .put(shardKey)
                .put(bytes(sessionId, Tokens.BYTES - shardKey.length))
                .array());
    }

    private static byte[] bytes(String seed, int length) {
        byte[] digest = Tokens.sha256(seed.getBytes(StandardCharsets.UTF_8));
        return Arrays.copyOf(digest, length);
    }

    String sessionId(int slot) {
        Slot whose = slot(slot);
        return sessionId(subjectId(whose.group, whose.subject), slot);
    }

    /// @param number a slot, or a larger number for a session outside of the slots
    static String sessionId(String subjectId, int number) {
        return beside(subjectId, "session-test-", uuid(Kind.SESSION, 0, number).toString());
    }

    /// A UUID of version 4 that looks random and is always the same.
    private static UUID uuid(Kind kind, int group, int number) {
        long key = SEED << 40 ^ (long) kind.ordinal() << 36 ^ (long) group << 32 ^ number;
        long high = mixed(key);
        long low = mixed(high ^ key);
        return new UUID(high & 0xffff_ffff_ffff_0fffL | 0x4000L, low & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L);
    }

    /// The finalizer of SplitMix64. It is one-to-one, so that two numbers never have the same id.
    private static long mixed(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
