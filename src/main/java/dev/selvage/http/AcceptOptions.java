package dev.selvage.http;

import io.helidon.common.socket.SocketOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Socket options that also register each accepted socket with [Connections]. The library shows an accepted
/// socket nowhere else.
record AcceptOptions(SocketOptions library, Connections connections) implements SocketOptions {

    @Override
    public void configureSocket(SocketChannel socket) {
        library.configureSocket(socket);
        try {
            connections.accept(socket);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    @Override
    public Map<SocketOption<?>, Object> socketOptions() {
        return library.socketOptions();
    }

    @Override
    public Duration connectTimeout() {
        return library.connectTimeout();
    }

    @Override
    public Duration readTimeout() {
        return library.readTimeout();
    }

    @Override
    public Optional<Integer> socketReceiveBufferSize() {
        return library.socketReceiveBufferSize();
    }

    @Override
    public Optional<Integer> socketSendBufferSize() {
        return library.socketSendBufferSize();
    }

    @Override
    public boolean socketReuseAddress() {
        return library.socketReuseAddress();
    }

    @Override
    public boolean socketKeepAlive() {
        return library.socketKeepAlive();
    }

    @Override
    public boolean tcpNoDelay() {
        return library.tcpNoDelay();
    }
}
