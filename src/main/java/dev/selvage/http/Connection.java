package dev.selvage.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A client's connection, between its socket and the library's HTTP. It says at any time whether the server
/// waits for the client, for what and since when, so that [Connections] can end it; and it bounds what a
/// request may send.
final class Connection implements ServerConnection, InterruptableTask<Void> {

    /// The most bytes of one request: its headers, its body, and as much again for chunks.
    static final long REQUEST_BYTES_MAX = 4L * Server.HEADER_BYTES_MAX + 2L * Server.BODY_BYTES_MAX;
    /// A client that is answered before it has sent all, and then cut off, would lose the answer: so much more
    /// is read of it.
    static final long REST_BYTES_MAX = 16 << 20;
    /// As [#REST_BYTES_MAX], how long.
    static final Duration REST_MAX = Duration.ofSeconds(2);

    /// The first byte of TLS. No method of HTTP begins with it.
    private static final byte TLS = 0x16;

    /// What the server waits for; nothing while it works on a call.
    enum Awaited {
        NOTHING,
        NEXT_REQUEST,
        REQUEST,
        ANSWER_TAKEN,
        END
    }

    /// A wait for the client.
    ///
    /// @param sinceNanos by `System.nanoTime()`; for a request since its first byte, whatever came meanwhile
    record Wait(Awaited awaited, long sinceNanos) {}

    private final SocketChannel channel;
    private final long openedNanos = System.nanoTime();
    private volatile Wait wait = new Wait(Awaited.REQUEST, openedNanos);
    /// Set by [#speak], like the next two, before the library uses this connection.
    @SuppressWarnings("NullAway.Init")
    private volatile ServerConnection http;

    private volatile boolean told;

    // Of the thread that serves it alone.
    @SuppressWarnings("NullAway.Init")
    private Runnable ended;

    @SuppressWarnings("NullAway.Init")
    private HelidonSocket socket;

    private boolean encrypted;
    private boolean first = true;
    private long requestBytes;
    private long requestSinceNanos = openedNanos;
    private boolean answered;

    Connection(SocketChannel channel) {
        this.channel = channel;
    }

    Wait awaits() {
        return wait;
    }

    /// Ends it at once. Whoever reads or writes finds it closed.
    void cut() {
        try {
            channel.close();
        } catch (IOException closed) {
            // As good as closed.
        }
    }

    /// This connection as one that speaks the protocol.
    ///
    /// @param whenEnded runs once it has ended
    ServerConnection speak(ServerConnectionSelector protocol, ConnectionContext context, Runnable whenEnded) {
        ended = whenEnded;
        socket = context.serverSocket();
        encrypted = context.isSecure();
        http = protocol.connection(new GuardedContext(context, this));
        return this;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        try {
            http.handle(limit);
        } finally {
            readRest();
            ended.run();
        }
    }

    /// The next bytes that the client sends; null at their end.
    ///
    /// @throws CloseConnectionException when the connection is cut off, or the request is too large
    byte @Nullable [] read() {
        boolean begun = first || requestBytes > 0;
        wait = begun ? new Wait(Awaited.REQUEST, requestSinceNanos) : new Wait(Awaited.NEXT_REQUEST, System.nanoTime());
        byte[] bytes = received();
        wait = new Wait(Awaited.NOTHING, 0);
        if (bytes == null) {
            return null;
        }
        if (first && !encrypted && bytes[0] == TLS) {
            // It would wait for the server's part of the handshake, and the server for the end of a line.
            throw new DataReader.IncorrectNewLineException("TLS where HTTP is spoken");
        }
        if (!begun) {
            requestSinceNanos = System.nanoTime();
        }
        first = false;
        answered = false;
        requestBytes += bytes.length;
        if (requestBytes > REQUEST_BYTES_MAX) {
            throw new CloseConnectionException("The request is too large");
        }
        return bytes;
    }

    /// Writes what `bytes` writes, a part of an answer.
    void write(Runnable bytes) {
        wait = new Wait(Awaited.ANSWER_TAKEN, System.nanoTime());
        bytes.run();
        wait = new Wait(Awaited.NOTHING, 0);
        first = false;
        answered = true;
        requestBytes = 0;
    }

    private byte[] received() {
        try {
            return socket.get();
        } catch (UncheckedIOException gone) {
            throw new CloseConnectionException("The connection is gone", gone);
        }
    }

    /// Reads on for a moment when the last thing that happened was an answer: to close a socket that holds
    /// unread bytes resets it, and takes the answer back from a client that has not read it yet.
    private void readRest() {
        if (!answered || told || !channel.isOpen()) {
            return;
        }
        wait = new Wait(Awaited.END, System.nanoTime());
        try {
            if (!encrypted) {
                channel.shutdownOutput();
            }
            long rest = REST_BYTES_MAX;
            for (byte[] bytes = received(); bytes != null && rest > 0; bytes = received()) {
                rest -= bytes.length;
            }
        } catch (IOException | CloseConnectionException gone) {
            // Then it has ended.
        }
    }

    /// None, whatever it is: the library would end connections by a time of its own, and [Connections] does.
    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        told = true;
        http.close(interrupt);
    }

    @Override
    public boolean canInterrupt() {
        return wait.awaited() == Awaited.END || http instanceof InterruptableTask<?> task && task.canInterrupt();
    }
}
