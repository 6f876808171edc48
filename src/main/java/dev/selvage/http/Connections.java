package dev.selvage.http;

import dev.selvage.http.Connection.Awaited;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The open connections of a server. It closes connections whose client exceeds a time of [ConnectionLimits].
/// At the maximum number, each new connection replaces the one whose client has kept the server waiting
/// longest, so that a client that hoards connections loses them and other clients are served.
final class Connections implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("selvage.connections");
    private static final Duration WATCH_PERIOD_MAX = Duration.ofSeconds(1);
    private static final Duration WARNING_PERIOD = Duration.ofMinutes(1);

    private final ConnectionLimits limits;
    private final int openMax;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private boolean refusing;
    private long warnedNanos = System.nanoTime() - WARNING_PERIOD.toNanos();
    private final Thread watch =
            Thread.ofPlatform().daemon().name("connections").unstarted(this::watch);

    /// @param openMax the most connections at once
    Connections(ConnectionLimits limits, int openMax) {
        this.limits = limits;
        this.openMax = openMax;
    }

    void start() {
        watch.start();
    }

    @Override
    public void close() {
        watch.interrupt();
    }

    /// The number of open connections.
    int open() {
        return open.size();
    }

    /// Adds a new connection. Returns false if it is refused, because the server stops or every other
    /// connection has a call that is being handled; the caller closes it.
    synchronized boolean add(Connection connection) {
        if (refusing) {
            return false;
        }
        if (open.size() >= openMax) {
            warn();
            if (!makeRoom()) {
                return false;
            }
        }
        return open.add(connection);
    }

    synchronized void remove(Connection connection) {
        open.remove(connection);
        notifyAll();
    }

    /// Closes the connection that has waited longest for its client. Returns false if none waits.
    private boolean makeRoom() {
        // A snapshot, because the waits change while they are compared.
        record Candidate(Connection connection, Connection.Wait awaits) {}
        long now = System.nanoTime();
        Optional<Candidate> longest = open.stream()
                .map(connection -> new Candidate(connection, connection.awaits()))
                .filter(candidate -> candidate.awaits.awaited() != Awaited.NOTHING)
                .max(Comparator.comparingLong(candidate -> now - candidate.awaits.sinceNanos()));
        longest.ifPresent(candidate -> cut(candidate.connection));
        return longest.isPresent();
    }

    private void cut(Connection connection) {
        open.remove(connection);
        connection.cut();
    }

    private void warn() {
        long now = System.nanoTime();
        if (now - warnedNanos > WARNING_PERIOD.toNanos()) {
            warnedNanos = now;
            LOG.atWarn()
                    .addKeyValue("connections", openMax)
                    .log("maximum number of connections reached, closing those that wait longest for their client");
        }
    }

    /// Refuses new connections from now on, closes those without a request, and waits until the others are
    /// closed after their response.
    ///
    /// @param timeMax after it, the others are closed at once
    synchronized void stop(Duration timeMax) {
        refusing = true;
        open.forEach(Connection::stop);
        long end = System.nanoTime() + timeMax.toNanos();
        try {
            for (long left = timeMax.toMillis();
                    !open.isEmpty() && left > 0;
                    left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        open.forEach(Connection::cut);
    }

    private void watch() {
        long period = Math.min(
                WATCH_PERIOD_MAX.toNanos(),
                Math.min(limits.request().toNanos(), limits.response().toNanos()) / 4);
        try {
            while (true) {
                Thread.sleep(Duration.ofNanos(period));
                long now = System.nanoTime();
                for (Connection connection : open) {
                    Connection.Wait wait = connection.awaits();
                    if (wait.awaited() != Awaited.NOTHING
                            && now - wait.sinceNanos() > timeMax(wait.awaited()).toNanos()) {
                        cut(connection);
                    }
                }
            }
        } catch (InterruptedException closed) {
            // The server has stopped.
        }
    }

    private Duration timeMax(Awaited awaited) {
        return switch (awaited) {
            case NOTHING, REQUEST -> limits.request();
            case NEXT_REQUEST -> limits.idle();
            case RESPONSE_TAKEN -> limits.response();
            case END -> Connection.REST_MAX;
        };
    }
}
