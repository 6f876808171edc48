package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

    @Test
    void noConnectionSeemsIdleToTheLibraryWhichHasATimeOfItsOwn() throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            assertThat(new Connection(channel).idleTime()).isZero();
        }
    }

    @Test
    void aServerThatStopsTakesNoNewConnection() throws IOException {
        var protocol =
                Http1ConnectionSelector.builder().config(Http1Config.create()).build();
        try (Connections connections = new Connections(protocol, ConnectionLimits.DEFAULT, 16);
                ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel before = SocketChannel.open(server.getLocalAddress());
                SocketChannel taken = server.accept();
                SocketChannel after = SocketChannel.open(server.getLocalAddress());
                SocketChannel late = server.accept()) {
            connections.accept(taken);
            connections.stopAccepting();
            assertThatThrownBy(() -> connections.accept(late))
                    .isInstanceOf(IOException.class)
                    .hasMessage("The server is stopping");
            assertThat(connections.open()).isOne();
        }
    }
}
