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

/// What is in a store that has been in use: users with 1, 5 and 50 sessions, members of organizations with one
/// each, and what can be used once: links and codes. All is computed from numbers, so that a load script can
/// know every id and token of ten million sessions and nobody keeps them. [Tables] makes rows of it.
///
/// The sessions of one user lie apart in the table, as they do when they were made over a month. Ids are as
/// random as the program's own. No session has ended.
///
/// @param sessions        how many in all
/// @param consumerProject project id
/// @param b2bProject      project id
/// @param keys            of the store
/// @param tokens          under them
/// @param now milliseconds; they started in the month before it and expire in the twelfth month behind it, so
///                        that a store can be kept
record Dataset(
        int sessions, String consumerProject, String b2bProject, MasterKeys keys, SessionTokens tokens, long now) {

    /// What every user with a password has.
    static final String PASSWORD = "correct horse battery staple 47";
    /// The code that every member can sign in by, once.
    static final String CODE = "470815";

    private static final long SEED = 20_260_101;
    private static final int MEMBERS_PER_ORGANIZATION = 100;
    private static final int LINKS_MAX = 100_000;
    private static final int CODES_MAX = 100_000;
    /// Prime and larger than any number of sessions, so that multiples of it visit each slot once.
    private static final long STRIDE = 15_485_863;
    private static final long MONTH_MILLIS = 30 * Times.DAY_MILLIS;

    /// Whose sessions they are, and how many each has.
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

        /// How many sessions each of its subjects has.
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

    /// A session's place: the group, and whose it is by number.
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

    /// An id with the shard key of another, as the program makes them.
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

    /// An organization by its own number.
    static String organizationIdOf(int number) {
        return "organization-test-" + uuid(Kind.ORGANIZATION, 0, number);
    }

    static String emailId(Group group, int number) {
        return "email-test-" + uuid(Kind.EMAIL, group.ordinal(), number);
    }

    static String passwordId(Group group, int number) {
        return "password-test-" + uuid(Kind.PASSWORD, group.ordinal(), number);
    }

    /// The address of a subject. Each address of a member is that of another member too, in another
    /// organization.
    String email(Group group, int number) {
        int address = group == Group.MEMBERS ? number % pairs() : number;
        return "ada+" + group.ordinal() + "." + address + "@example.com";
    }

    /// The other member who has the address of this one; the same where there is none.
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

    /// What `each` makes of sessions of a group, by their slots.
    <T> List<T> ofSessions(Group group, int count, IntFunction<T> each) {
        int first = firstSlot(group);
        return sample(subjects(group) * group.each, count, i -> each.apply(first + i));
    }

    /// How many links there are.
    int links() {
        return Math.min(LINKS_MAX, sessions);
    }

    /// Which user of the first group a link signs in.
    int linkedUser(int link) {
        return link % subjects(Group.ONE);
    }

    /// The token of a link, as long and as random as the program's own.
    String linkToken(int link) {
        return Tokens.encode(bytes("link " + link, Tokens.BYTES));
    }

    /// How many codes there are: one for each address, so that each is for a member of its own.
    int codes() {
        return Math.min(CODES_MAX, pairs());
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

    /// When everybody signed up.
    long began() {
        return now - MONTH_MILLIS;
    }

    /// When the session in the `row`th row began.
    long started(int row) {
        return began() + MONTH_MILLIS * row / slots();
    }

    /// When it ends.
    long expires(int row) {
        return now + 11 * MONTH_MILLIS + MONTH_MILLIS * row / slots();
    }

    /// A session that ends before was made by a call.
    long firstExpiry() {
        return now + 10 * MONTH_MILLIS;
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

    /// The slot of the session in the `row`th row.
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

    /// @param number a slot, or one behind all slots for a session that is in none
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

    /// The finalizer of SplitMix64: one-to-one, so that two numbers never have one id.
    private static long mixed(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
