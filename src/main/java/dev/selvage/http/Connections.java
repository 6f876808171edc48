package dev.selvage.http;

import dev.selvage.http.Connection.Awaited;
import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The open connections of a server. It ends those whose client takes longer than [ConnectionLimits] allow; and
/// when there are as many as there may be, each new one takes the place of that whose client has kept the
/// server waiting longest, so that whoever hoards connections loses them, and everybody else is served.
///
/// The library does none of this: it waits without end for the rest of a request and for a client to read, its
/// accepting thread waits when its number is reached, and ends for good when the system has no file descriptor
/// left.
final class Connections implements ServerConnectionSelector, AutoCloseable {

    /// Connections beyond the limit that are being closed. Then accepting itself waits.
    static final int CLOSING_MAX = 64;

    private static final Logger LOG = LoggerFactory.getLogger("selvage.connections");
    private static final Duration WATCH_PERIOD_MAX = Duration.ofSeconds(1);
    private static final Duration COMPLAINT_PERIOD = Duration.ofMinutes(1);

    private final ServerConnectionSelector protocol;
    private final ConnectionLimits limits;
    private final int openMax;
    private final Map<Ends, Connection> open = new ConcurrentHashMap<>();
    private volatile boolean refusing;
    private long complainedNanos = System.nanoTime() - COMPLAINT_PERIOD.toNanos();
    private final Thread watch =
            Thread.ofPlatform().daemon().name("connections").unstarted(this::watch);

    /// @param openMax the most connections at once
    Connections(ServerConnectionSelector protocol, ConnectionLimits limits, int openMax) {
        this.protocol = protocol;
        this.limits = limits;
        this.openMax = openMax;
    }

    /// The two addresses of a connection, which no other has.
    private record Ends(SocketAddress local, SocketAddress remote) {}

    void start() {
        watch.start();
    }

    @Override
    public void close() {
        watch.interrupt();
    }

    int open() {
        return open.size();
    }

    /// Takes no new connection from now on. The library still accepts some while it stops, has nobody for them
    /// then, and would log a fault for each.
    void refuse() {
        refusing = true;
    }

    /// Takes a new connection in. By the thread that accepts, before it goes on to the next.
    ///
    /// @throws IOException when it cannot be had; the caller closes it
    void accept(SocketChannel channel) throws IOException {
        if (refusing) {
            throw new IOException("The server is stopping");
        }
        if (open.size() >= openMax) {
            complain();
            if (!makeRoom()) {
                throw new IOException("Every connection is in the middle of a call");
            }
        }
        open.put(new Ends(channel.getLocalAddress(), channel.getRemoteAddress()), new Connection(channel));
    }

    /// Ends the connection that waits longest for its client; false when none waits.
    private boolean makeRoom() {
        // As it was when looked at: meanwhile any may go on.
        record Candidate(Ends ends, Connection connection, Connection.Wait awaits) {}
        long now = System.nanoTime();
        Optional<Candidate> longest = open.entrySet().stream()
                .map(entry -> new Candidate(
                        entry.getKey(), entry.getValue(), entry.getValue().awaits()))
                .filter(candidate -> candidate.awaits.awaited() != Awaited.NOTHING)
                .max(Comparator.comparingLong(candidate -> now - candidate.awaits.sinceNanos()));
        longest.ifPresent(candidate -> end(candidate.ends, candidate.connection));
        return longest.isPresent();
    }

    private void complain() {
        long now = System.nanoTime();
        if (now - complainedNanos > COMPLAINT_PERIOD.toNanos()) {
            complainedNanos = now;
            LOG.atWarn()
                    .addKeyValue("connections", openMax)
                    .log("as many connections as may be, ending the longest idle ones");
        }
    }

    private void end(Ends ends, Connection connection) {
        connection.cut();
        open.remove(ends, connection);
    }

    private void watch() {
        long period = Math.min(
                WATCH_PERIOD_MAX.toNanos(),
                Math.min(limits.request().toNanos(), limits.answer().toNanos()) / 4);
        try {
            while (true) {
                Thread.sleep(Duration.ofNanos(period));
                long now = System.nanoTime();
                open.forEach((ends, connection) -> {
                    Connection.Wait wait = connection.awaits();
                    if (wait.awaited() != Awaited.NOTHING
                            && now - wait.sinceNanos() > longest(wait.awaited()).toNanos()) {
                        end(ends, connection);
                    }
                });
            }
        } catch (InterruptedException closed) {
            // The server has ended, and with it every connection.
        }
    }

    private Duration longest(Awaited awaited) {
        return switch (awaited) {
            case NOTHING, REQUEST -> limits.request();
            case NEXT_REQUEST -> limits.idle();
            case ANSWER_TAKEN -> limits.answer();
            case END -> Connection.REST_MAX;
        };
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        Ends ends = new Ends(context.localPeer().address(), context.remotePeer().address());
        Connection connection = open.get(ends);
        if (connection == null) {
            throw new CloseConnectionException("It was ended before it began");
        }
        return connection.speak(protocol, context, () -> open.remove(ends, connection));
    }

    @Override
    public int bytesToIdentifyConnection() {
        return protocol.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return protocol.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return protocol.supportedApplicationProtocols();
    }
}
