package dev.selvage.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/// The connection context of the library, except that reads and writes go through [Connection].
record GuardedContext(ConnectionContext library, DataReader dataReader, DataWriter dataWriter)
        implements ConnectionContext {

    GuardedContext(ConnectionContext library, Connection connection) {
        this(library, new RequestReader(connection::read), new Writer(library.dataWriter(), connection));
    }

    private record Writer(DataWriter library, Connection connection) implements DataWriter {

        @Override
        public void write(BufferData... buffers) {
            connection.write(() -> library.write(buffers));
        }

        @Override
        public void write(BufferData buffer) {
            connection.write(() -> library.write(buffer));
        }

        @Override
        public void writeNow(BufferData... buffers) {
            connection.write(() -> library.writeNow(buffers));
        }

        @Override
        public void writeNow(BufferData buffer) {
            connection.write(() -> library.writeNow(buffer));
        }

        @Override
        public void flush() {
            connection.write(library::flush);
        }

        @Override
        public void close() {
            library.close();
        }
    }

    @Override
    public ListenerContext listenerContext() {
        return library.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return library.executor();
    }

    @Override
    public Router router() {
        return library.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
        return library.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
        return library.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
        return library.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return library.localPeer();
    }

    @Override
    public boolean isSecure() {
        return library.isSecure();
    }

    @Override
    public String socketId() {
        return library.socketId();
    }

    @Override
    public String childSocketId() {
        return library.childSocketId();
    }
}
