package dev.selvage.db;

import com.zaxxer.hikari.HikariDataSource;
import dev.selvage.base.CallLog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the writes of SQLite. Writes that wait at the same time share one transaction and its flush to the
/// disk. Each runs in its own savepoint, so that a failed write is undone alone. All callers get their results
/// and failures after the transaction is durable, because a refusal too may depend on what another write of the
/// group has written. Thread-safe.
///
/// One platform thread writes. It never waits for a group to fill: a group has the writes that arrived during
/// the flush of the previous group. See `docs/decisions/group-commit.md`.
final class GroupCommit implements AutoCloseable {

    /// The most writes that wait for a group; further writes are refused.
    static final int WAITING_MAX = 10_000;
    /// The longest wait of a write for its group. After it the write is withdrawn and has not run.
    private static final long WAIT_MILLIS_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    private final HikariDataSource source;
    private final GroupBounds bounds;
    private final BlockingQueue<Job<?>> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
    private final Job<Boolean> stop = new Job<>(connection -> true, true);
    private final Thread writer;
    private volatile boolean closed;

    GroupCommit(HikariDataSource source, GroupBounds bounds) {
        this.source = source;
        this.bounds = bounds;
        this.writer = Thread.ofPlatform().name("sqlite-writer").daemon().start(this::run);
    }

    /// A write with its result or failure.
    private static final class Job<T> {
        private final Function<Connection, T> work;
        private final boolean separate;
        /// Set by the writer that runs it or by the caller that withdraws it, whichever is first.
        private final AtomicBoolean claimed = new AtomicBoolean();
        private final CountDownLatch done = new CountDownLatch(1);
        /// Of a work that did not fail, once it is answered.
        @SuppressWarnings("NullAway.Init")
        private T result;

        private @Nullable Throwable failure;

        private Job(Function<Connection, T> work, boolean separate) {
            this.work = work;
            this.separate = separate;
        }

        /// Returns true for the first call only: that of the writer that runs it, or that of the caller that
        /// withdraws it.
        private boolean claim() {
            return claimed.compareAndSet(false, true);
        }

        private void apply(Connection connection) {
            result = work.apply(connection);
        }

        /// Completes the job and wakes its caller. Only the first completion counts.
        private void complete(@Nullable Throwable failed) {
            if (done.getCount() > 0) {
                failure = failed;
                done.countDown();
            }
        }
    }

    /// The transaction of a group is lost or can no longer be trusted, because of a failure of one of its jobs.
    private static final class GroupLost extends Exception {
        private static final long serialVersionUID = 1;
        private final transient @Nullable Job<?> failedJob;

        private GroupLost(@Nullable Job<?> failedJob, Throwable cause) {
            super(cause);
            this.failedJob = failedJob;
        }
    }

    /// Runs `work` on the writer's thread and returns when its writes are durable.
    ///
    /// @param separate whether it shares its transaction with no other job
    /// @throws StoreUnavailableException if it was not started
    /// @throws StoreException if the commit failed and it is not known whether it took place
    <T> T run(Function<Connection, T> work, boolean separate) {
        Job<T> job = new Job<>(work, separate);
        if (closed || !waiting.offer(job)) {
            throw new StoreUnavailableException(closed ? "The store is closed" : WAITING_MAX + " writes wait already");
        }
        if (closed && job.claim()) {
            throw new StoreUnavailableException("The store is closed");
        }
        await(job);
        switch (job.failure) {
            case null -> {
                return job.result;
            }
            case RuntimeException failed -> throw failed;
            case Error failed -> throw failed;
            default -> throw new IllegalStateException(job.failure);
        }
    }

    int waiting() {
        return waiting.size();
    }

    /// Waits for the completion of a job. A job that has started is waited for without limit, because its
    /// outcome must be known.
    private static void await(Job<?> job) {
        boolean interrupted = false;
        long millis = WAIT_MILLIS_MAX;
        while (true) {
            try {
                if (job.done.await(millis, TimeUnit.MILLISECONDS)) {
                    break;
                }
                if (job.claim()) {
                    throw new StoreUnavailableException("The store was busy for " + WAIT_MILLIS_MAX + " ms");
                }
            } catch (InterruptedException stopped) {
                interrupted = true;
                if (job.claim()) {
                    Thread.currentThread().interrupt();
                    throw new StoreException("Interrupted while waiting for the store", stopped);
                }
            }
            millis = Long.MAX_VALUE;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            for (Job<?> first = waiting.take(); first != stop; first = waiting.take()) {
                runGroup(first);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        for (Job<?> job = waiting.poll(); job != null; job = waiting.poll()) {
            if (job.claim()) {
                job.complete(new StoreUnavailableException("The store is closed"));
            }
        }
    }

    /// Runs `first`, unless it was withdrawn, and the jobs that wait after it. Never throws, because this
    /// thread must continue.
    private void runGroup(Job<?> first) {
        List<Job<?>> group = new ArrayList<>();
        try {
            transaction(first, group);
        } catch (GroupLost lost) {
            // Nothing of the group was committed, so each other job can run again, alone.
            for (Job<?> job : group) {
                if (job == lost.failedJob) {
                    job.complete(lost.getCause());
                } else {
                    runAlone(job);
                }
            }
        } catch (RuntimeException | Error failed) {
            if (group.isEmpty() && first.claim()) {
                first.complete(failed);
            }
            group.forEach(job -> job.complete(failed));
        }
    }

    private void runAlone(Job<?> job) {
        try {
            transaction(null, new ArrayList<>(List.of(job)));
        } catch (GroupLost lost) {
            job.complete(lost.getCause());
        } catch (RuntimeException | Error failed) {
            job.complete(failed);
        }
    }

    /// Runs one transaction.
    ///
    /// @param first the first waiting job; null if `group` contains all jobs already
    /// @param group receives the jobs that run; they are completed if this returns, and not if it throws
    private void transaction(@Nullable Job<?> first, List<Job<?>> group) throws GroupLost {
        try (Connection connection = source.getConnection()) {
            begin(connection);
            try {
                runJobs(connection, first, group);
            } catch (GroupLost lost) {
                abandon(connection);
                throw lost;
            }
            try {
                // Of the driver's two ways to commit, this one does not begin the next transaction. A failure
                // of that would look like a failure of the commit.
                connection.setAutoCommit(true);
            } catch (SQLException failed) {
                LOG.warn("A commit of {} writes failed: {}", group.size(), failed.getMessage());
                abandon(connection);
                group.forEach(job -> job.complete(commitFailed(failed)));
                return;
            }
            group.forEach(job -> job.complete(job.failure));
        } catch (SQLException failed) {
            throw failed(failed);
        }
    }

    private void begin(Connection connection) throws SQLException {
        try {
            connection.setAutoCommit(false);
        } catch (SQLException failed) {
            abandon(connection);
            throw failed;
        }
    }

    private void runJobs(Connection connection, @Nullable Job<?> first, List<Job<?>> group) throws GroupLost {
        try (PreparedStatement savepoint = connection.prepareStatement("SAVEPOINT work");
                PreparedStatement undo = connection.prepareStatement("ROLLBACK TO work");
                PreparedStatement release = connection.prepareStatement("RELEASE work")) {
            for (Job<?> job : group) {
                runJob(connection, job, savepoint, undo, release);
            }
            long begin = System.nanoTime();
            @Nullable Job<?> job = first != null && first.claim() ? first : next(first, group, begin);
            while (job != null) {
                group.add(job);
                runJob(connection, job, savepoint, undo, release);
                job = next(first, group, begin);
            }
        } catch (SQLException failed) {
            throw new GroupLost(null, failed);
        }
    }

    /// Returns the next job of a group; null if the group is complete.
    private @Nullable Job<?> next(@Nullable Job<?> first, List<Job<?>> group, long begin) {
        if (first == null
                || group.size() >= bounds.writesMax()
                || System.nanoTime() - begin > bounds.millisMax() * 1_000_000
                || !group.isEmpty() && group.getLast().separate) {
            return null;
        }
        for (Job<?> job = waiting.peek();
                job != null && job != stop && (group.isEmpty() || !job.separate);
                job = waiting.peek()) {
            waiting.remove();
            if (job.claim()) {
                return job;
            }
        }
        return null;
    }

    private static void runJob(
            Connection connection,
            Job<?> job,
            PreparedStatement savepoint,
            PreparedStatement undo,
            PreparedStatement release)
            throws SQLException, GroupLost {
        savepoint.execute();
        job.failure = null;
        try {
            job.apply(connection);
        } catch (Throwable failed) {
            job.failure = failed;
        } finally {
            // The next job belongs to another call.
            CallLog.clear();
        }
        try {
            if (job.failure != null) {
                if (!Dialect.SQLITE.rolledBackStatementOnly(Database.sqlException(job.failure))) {
                    throw new GroupLost(job, job.failure);
                }
                undo.execute();
            }
            release.execute();
        } catch (SQLException gone) {
            // The engine has rolled back the transaction, with its savepoints.
            throw new GroupLost(job, job.failure == null ? failed(gone) : job.failure);
        }
    }

    private static RuntimeException commitFailed(SQLException failed) {
        return Dialect.SQLITE.maybeCommitted(failed)
                ? new StoreException("The commit failed, and it is not known whether it took place", failed)
                : failed(failed);
    }

    private static DatabaseException failed(SQLException failure) {
        return new DatabaseException("The transaction failed: " + failure.getMessage(), failure);
    }

    /// Rolls back the transaction, if there is one, and closes the connection, whose state is unknown.
    private void abandon(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException failed) {
            LOG.debug("Nothing to roll back: {}", failed.getMessage());
        }
        source.evictConnection(connection);
    }

    /// Runs the waiting jobs and stops.
    @Override
    public void close() {
        closed = true;
        try {
            waiting.put(stop);
            writer.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
