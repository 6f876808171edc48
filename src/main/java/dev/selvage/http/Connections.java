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

/// The open connections of a server. It closes connections whose client exceeds a time of [ConnectionLimits].
/// At the maximum number, each new connection replaces the one whose client has kept the server waiting
/// longest, so that a client that hoards connections loses them and other clients are served.
///
/// The library does none of this. It waits without limit for the rest of a request and for a client to read.
/// Its accepting thread blocks at the maximum number of connections, and ends for good if the system has no
/// free file descriptor.
final class Connections implements ServerConnectionSelector, AutoCloseable {

    /// The number of connections over the limit that may be closing at the same time. Beyond it, accepting
    /// blocks.
    static final int CLOSING_MAX = 64;

    private static final Logger LOG = LoggerFactory.getLogger("selvage.connections");
    private static final Duration WATCH_PERIOD_MAX = Duration.ofSeconds(1);
    private static final Duration WARNING_PERIOD = Duration.ofMinutes(1);

    private final ServerConnectionSelector protocol;
    private final ConnectionLimits limits;
    private final int openMax;
    private final Map<AddressPair, Connection> open = new ConcurrentHashMap<>();
    private volatile boolean stopping;
    private long warnedNanos = System.nanoTime() - WARNING_PERIOD.toNanos();
    private final Thread watch =
            Thread.ofPlatform().daemon().name("connections").unstarted(this::watch);

    /// @param openMax the most connections at once
    Connections(ServerConnectionSelector protocol, ConnectionLimits limits, int openMax) {
        this.protocol = protocol;
        this.limits = limits;
        this.openMax = openMax;
    }

    /// The two addresses of a connection, a unique key.
    private record AddressPair(SocketAddress local, SocketAddress remote) {}

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

    /// Refuses new connections from now on. While the library stops it still accepts some, has no handler for
    /// them, and would log a fault for each.
    void stopAccepting() {
        stopping = true;
    }

    /// Registers a new connection. The accepting thread calls it before it accepts the next one.
    ///
    /// @throws IOException if the connection is refused; the caller closes it
    void accept(SocketChannel channel) throws IOException {
        if (stopping) {
            throw new IOException("The server is stopping");
        }
        if (open.size() >= openMax) {
            warnFull();
            if (!closeLongestWaiting()) {
                throw new IOException("All connections are in use by calls");
            }
        }
        open.put(new AddressPair(channel.getLocalAddress(), channel.getRemoteAddress()), new Connection(channel));
    }

    /// Closes the connection that has waited longest for its client. Returns false if none waits.
    private boolean closeLongestWaiting() {
        // A snapshot of the wait: the connection can proceed meanwhile.
        record Snapshot(AddressPair addresses, Connection connection, Connection.Wait pending) {}
        long now = System.nanoTime();
        Optional<Snapshot> longest = open.entrySet().stream()
                .map(entry -> new Snapshot(
                        entry.getKey(), entry.getValue(), entry.getValue().currentWait()))
                .filter(snapshot -> snapshot.pending.awaited() != Awaited.NOTHING)
                .max(Comparator.comparingLong(snapshot -> now - snapshot.pending.sinceNanos()));
        longest.ifPresent(snapshot -> close(snapshot.addresses, snapshot.connection));
        return longest.isPresent();
    }

    private void warnFull() {
        long now = System.nanoTime();
        if (now - warnedNanos > WARNING_PERIOD.toNanos()) {
            warnedNanos = now;
            LOG.atWarn()
                    .addKeyValue("connections", openMax)
                    .log("maximum number of connections reached, closing those that wait longest for their client");
        }
    }

    private void close(AddressPair addresses, Connection connection) {
        connection.closeSocket();
        open.remove(addresses, connection);
    }

    private void watch() {
        long period = Math.min(
                WATCH_PERIOD_MAX.toNanos(),
                Math.min(limits.request().toNanos(), limits.response().toNanos()) / 4);
        try {
            while (true) {
                Thread.sleep(Duration.ofNanos(period));
                long now = System.nanoTime();
                open.forEach((addresses, connection) -> {
                    Connection.Wait wait = connection.currentWait();
                    if (wait.awaited() != Awaited.NOTHING
                            && now - wait.sinceNanos() > limit(wait.awaited()).toNanos()) {
                        close(addresses, connection);
                    }
                });
            }
        } catch (InterruptedException closed) {
            // The server has stopped, and all connections are closed.
        }
    }

    private Duration limit(Awaited awaited) {
        return switch (awaited) {
            case NOTHING, REQUEST -> limits.request();
            case NEXT_REQUEST -> limits.idle();
            case RESPONSE_ACCEPTED -> limits.response();
            case CLIENT_CLOSE -> Connection.REST_MAX;
        };
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        AddressPair addresses = new AddressPair(
                context.localPeer().address(), context.remotePeer().address());
        Connection connection = open.get(addresses);
        if (connection == null) {
            throw new CloseConnectionException("The connection was closed before it was served");
        }
        return connection.attach(protocol, context, () -> open.remove(addresses, connection));
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
