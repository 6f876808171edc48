package dev.selvage.history;

import dev.selvage.history.Call.By;
import dev.selvage.history.Call.Change;
import dev.selvage.history.Call.Outcome;
import dev.selvage.history.Caller.Person;
import dev.selvage.history.Caller.StartedSession;
import dev.selvage.history.Recorder.NotSent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Many clients that share few sessions, so that their calls meet at each of them: at any node, by token or
/// JWT, in random order. A session lives for 40 calls, some of them after its revocation.
final class Clients implements AutoCloseable {

    /// The number of sessions in use at the same time. [#SHARING] of them belong to the same user.
    private static final int SESSION_SLOTS = 6;
    private static final int SHARING = 2;
    private static final int SESSIONS_OF_USER = 6;
    private static final int CALLS_OF_SESSION = 40;
    private static final int CALLS_AFTER_REVOKE = 8;
    /// The lifetimes of one session differ by more than an hour, so that an expiry shows which call wrote it.
    private static final int MINUTES_STEP = 120;
    private static final int MINUTES_STEPS = 101;
    private static final long PAUSE_MILLIS = 25;
    private static final long POLL_MILLIS = 2;
    private static final long SILENCE_SECONDS_MAX = 300;

    private final Caller caller;
    private final long seed;
    private final String run;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicInteger names = new AtomicInteger();
    private final AtomicLong answered = new AtomicLong();
    private final List<SessionSlot> slots = new ArrayList<>();
    private final List<UserSlot> users = new ArrayList<>();
    private final Queue<StartedSession> all = new ConcurrentLinkedQueue<>();
    private final List<Future<?>> running = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /// @param seed determines the random choices of each client, as far as they do not depend on responses
    Clients(Caller caller, long seed) {
        this.caller = caller;
        this.seed = seed;
        this.run = Long.toHexString(seed) + "-" + Long.toHexString(System.nanoTime());
        for (int i = 0; i < SESSION_SLOTS; i++) {
            if (i % SHARING == 0) {
                users.add(new UserSlot());
            }
            slots.add(new SessionSlot(users.getLast()));
        }
    }

    /// The current user of a group of slots, replaced after [#SESSIONS_OF_USER] sessions.
    private static final class UserSlot {
        private Person person;
        private int sessions;
    }

    /// The current session of a slot, replaced after [#CALLS_OF_SESSION] calls.
    private static final class SessionSlot {
        private final UserSlot user;
        private final AtomicInteger left = new AtomicInteger();
        private final AtomicInteger extensions = new AtomicInteger();
        private volatile StartedSession session;

        SessionSlot(UserSlot user) {
            this.user = user;
        }

        /// The next lifetime: each value once, in no order.
        private int minutes() {
            return MINUTES_STEP * (1 + extensions.getAndIncrement() * 37 % MINUTES_STEPS);
        }
    }

    /// Starts this number of clients.
    void begin(int count) {
        for (int client = 1; client <= count; client++) {
            int number = client;
            running.add(threads.submit(() -> {
                Random random = new Random(seed * 1_000 + number);
                while (stopped.getCount() > 0) {
                    if (step(number, random)) {
                        answered.incrementAndGet();
                    } else {
                        stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                    }
                }
                return null;
            }));
        }
    }

    /// Lets them run until this number of further calls got a response. Fails if no call gets one for a long
    /// time, because the servers then do not recover.
    void runCalls(int calls) throws InterruptedException {
        long until = answered.get() + calls;
        long last = answered.get();
        long since = System.nanoTime();
        while (last < until) {
            runMillis(POLL_MILLIS);
            long now = answered.get();
            if (now > last) {
                last = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > TimeUnit.SECONDS.toNanos(SILENCE_SECONDS_MAX)) {
                throw new IllegalStateException("No call was answered for " + SILENCE_SECONDS_MAX + " s");
            }
        }
    }

    /// Lets them run for this time; fails as soon as one of them fails.
    void runMillis(long millis) throws InterruptedException {
        stopped.await(millis, TimeUnit.MILLISECONDS);
        for (Future<?> client : running) {
            if (client.isDone()) {
                throw new IllegalStateException("A client stopped", client.exceptionNow());
            }
        }
    }

    /// Waits until every client has got its last response or has given up.
    void stop() throws InterruptedException, ExecutionException {
        stopped.countDown();
        for (Future<?> client : running) {
            client.get();
        }
    }

    /// Reads every acknowledged session, and the sessions of every user, from every node. All nodes must be
    /// ready.
    ///
    /// @throws NotSent if one is not
    void askForAll() throws NotSent, InterruptedException {
        for (int node = 0; node < caller.nodes(); node++) {
            for (StartedSession session : all) {
                caller.use(0, node, session, By.TOKEN, Change.NOTHING);
                caller.use(0, node, session, By.JWT, Change.NOTHING);
            }
            for (Person person :
                    Set.copyOf(all.stream().map(session -> session.person).toList())) {
                caller.look(0, node, person);
            }
        }
    }

    /// Makes one call, or starts a session. Returns whether there was a response.
    private boolean step(int client, Random random) throws InterruptedException {
        SessionSlot slot = slots.get(random.nextInt(slots.size()));
        int node = random.nextInt(caller.nodes());
        int what = random.nextInt(100);
        By by = random.nextInt(3) == 0 ? By.JWT : By.TOKEN;
        try {
            return slot.left.getAndDecrement() > 0
                    ? !(call(client, node, slot, slot.session, by, what) instanceof Outcome.Unanswered)
                    : renew(client, node, slot);
        } catch (NotSent nobodyThere) {
            return false;
        }
    }

    private Outcome call(int client, int node, SessionSlot slot, StartedSession session, By by, int what)
            throws NotSent, InterruptedException {
        if (what < 40) {
            return caller.use(client, node, session, by, Change.NOTHING);
        }
        if (what < 55) {
            return caller.use(client, node, session, by, new Change(slot.minutes(), "", false));
        }
        if (what < 67) {
            return caller.use(client, node, session, by, new Change(0, claim(), false));
        }
        if (what < 72) {
            return caller.use(client, node, session, by, new Change(slot.minutes(), claim(), false));
        }
        if (what < 78) {
            return caller.use(client, node, session, by, new Change(0, claim(), true));
        }
        if (what < 94) {
            return caller.look(client, node, session.person);
        }
        slot.left.accumulateAndGet(CALLS_AFTER_REVOKE, Math::min);
        return caller.revoke(client, node, session, what == 94 ? By.ID : by);
    }

    private String claim() {
        return "claim-" + names.incrementAndGet();
    }

    /// Starts the next session of a slot. Clients of the same user wait for each other. Returns whether there
    /// is a new session.
    private boolean renew(int client, int node, SessionSlot slot) throws NotSent, InterruptedException {
        synchronized (slot.user) {
            if (slot.left.get() > 0) {
                return true;
            }
            if (slot.user.person == null || slot.user.sessions >= SESSIONS_OF_USER) {
                Optional<Person> person = caller.person(node, "user-" + names.incrementAndGet() + "-" + run);
                if (person.isEmpty()) {
                    return false;
                }
                slot.user.person = person.get();
                slot.user.sessions = 0;
            }
            slot.extensions.set(0);
            slot.user.sessions++;
            Optional<StartedSession> next = caller.start(
                    client, node, slot.user.person, Caller.SESSION_NAME + names.incrementAndGet(), slot.minutes());
            next.ifPresentOrElse(
                    session -> {
                        all.add(session);
                        slot.session = session;
                        slot.left.set(CALLS_OF_SESSION);
                    },
                    // The user may be lost.
                    () -> slot.user.sessions = SESSIONS_OF_USER);
            return next.isPresent();
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        threads.close();
    }
}
