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

/// A client connection, between the socket and the HTTP code of the library. It records whether the server
/// waits for the client, for which event and since when, so that [Connections] can close it. It also bounds the
/// size of a request.
final class Connection implements ServerConnection, InterruptableTask<Void> {

    /// The most bytes of one request: request line, headers and body, doubled for the
    /// overhead of chunks.
    static final long REQUEST_BYTES_MAX = 4L * Server.HEADER_BYTES_MAX + 2L * Server.BODY_BYTES_MAX;
    /// The most bytes that the server reads and discards after an early response, 16 MB. If the socket is
    /// closed with unread bytes, the client can lose the response.
    static final long REST_BYTES_MAX = 16 << 20;
    /// The most time for reading the bytes of [#REST_BYTES_MAX].
    static final Duration REST_MAX = Duration.ofSeconds(2);

    /// The first byte of a TLS handshake. No HTTP method begins with it.
    private static final byte TLS = 0x16;

    /// The event that the server waits for; `NOTHING` while it handles a call.
    enum Awaited {
        NOTHING,
        NEXT_REQUEST,
        REQUEST,
        RESPONSE_ACCEPTED,
        CLIENT_CLOSE
    }

    /// A wait for the client.
    ///
    /// @param sinceNanos start of the wait, by `System.nanoTime()`. For a request: its first byte, however many
    ///         bytes follow
    record Wait(Awaited awaited, long sinceNanos) {}

    private final SocketChannel channel;
    private final long openedNanos = System.nanoTime();
    private volatile Wait wait = new Wait(Awaited.REQUEST, openedNanos);
    /// Set by [#attach] before the library uses this connection, like [#onClose] and [#socket].
    @SuppressWarnings("NullAway.Init")
    private volatile ServerConnection http;

    private volatile boolean closeRequested;

    // The fields below are used only by the thread that serves the connection.
    @SuppressWarnings("NullAway.Init")
    private Runnable onClose;

    @SuppressWarnings("NullAway.Init")
    private HelidonSocket socket;

    private boolean encrypted;
    private boolean first = true;
    private long requestBytes;
    private long requestSinceNanos = openedNanos;
    private boolean responded;

    Connection(SocketChannel channel) {
        this.channel = channel;
    }

    /// The wait of this connection now.
    Wait currentWait() {
        return wait;
    }

    /// Closes the socket at once. Pending reads and writes fail.
    void closeSocket() {
        try {
            channel.close();
        } catch (IOException closed) {
            // The socket cannot be used any more.
        }
    }

    /// Connects the HTTP protocol of the library to this connection.
    ///
    /// @param onClose runs when the connection has ended
    ServerConnection attach(ServerConnectionSelector protocol, ConnectionContext context, Runnable onClose) {
        this.onClose = onClose;
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
            onClose.run();
        }
    }

    /// The next bytes from the client; null at the end of the stream.
    ///
    /// @throws CloseConnectionException if the connection is closed, or the request has more than
    ///         [#REQUEST_BYTES_MAX] bytes
    byte @Nullable [] read() {
        boolean begun = first || requestBytes > 0;
        wait = begun ? new Wait(Awaited.REQUEST, requestSinceNanos) : new Wait(Awaited.NEXT_REQUEST, System.nanoTime());
        byte[] bytes = received();
        wait = new Wait(Awaited.NOTHING, 0);
        if (bytes == null) {
            return null;
        }
        if (first && !encrypted && bytes[0] == TLS) {
            // The client would wait for the server's part of the handshake, and the server for the end of a
            // line.
            throw new DataReader.IncorrectNewLineException("TLS on a plain HTTP port");
        }
        if (!begun) {
            requestSinceNanos = System.nanoTime();
        }
        first = false;
        responded = false;
        requestBytes += bytes.length;
        if (requestBytes > REQUEST_BYTES_MAX) {
            throw new CloseConnectionException("The request is too large");
        }
        return bytes;
    }

    /// Runs a write of a part of a response, and records that the server waits for the client to accept it.
    void write(Runnable bytes) {
        wait = new Wait(Awaited.RESPONSE_ACCEPTED, System.nanoTime());
        bytes.run();
        wait = new Wait(Awaited.NOTHING, 0);
        first = false;
        responded = true;
        requestBytes = 0;
    }

    private byte[] received() {
        try {
            return socket.get();
        } catch (UncheckedIOException closed) {
            throw new CloseConnectionException("The connection is closed", closed);
        }
    }

    /// Reads on for at most [#REST_MAX] if the last event was a response. Closing a socket with unread bytes
    /// resets it, and the client can then lose a response that it has not read yet.
    private void readRest() {
        if (!responded || closeRequested || !channel.isOpen()) {
            return;
        }
        wait = new Wait(Awaited.CLIENT_CLOSE, System.nanoTime());
        try {
            if (!encrypted) {
                channel.shutdownOutput();
            }
            long rest = REST_BYTES_MAX;
            for (byte[] bytes = received(); bytes != null && rest > 0; bytes = received()) {
                rest -= bytes.length;
            }
        } catch (IOException | CloseConnectionException closed) {
            // The client has closed the connection.
        }
    }

    /// Zero, so that the library never closes connections as idle. [Connections] does.
    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        closeRequested = true;
        http.close(interrupt);
    }

    @Override
    public boolean canInterrupt() {
        return wait.awaited() == Awaited.CLIENT_CLOSE
                || http instanceof InterruptableTask<?> task && task.canInterrupt();
    }
}
