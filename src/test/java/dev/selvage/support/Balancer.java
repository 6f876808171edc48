package dev.selvage.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A TCP proxy like a balancer that does not know HTTP. It sends new connections in turn to the servers whose
/// last `GET /readyz` returned 200, and copies bytes until both sides have closed. It never retries.
public final class Balancer implements AutoCloseable {

    /// The interval between two health checks of a server.
    private static final int CHECK_MILLIS = 50;
    private static final int CHECK_TIMEOUT_MILLIS = 5_000;
    private static final byte[] CHECK =
            "GET /readyz HTTP/1.1\r\nHost: balancer\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket listening;
    private final List<Server> servers;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger turn = new AtomicInteger();

    /// A server on this machine.
    private static final class Server {
        private final int port;
        private final AtomicInteger connections = new AtomicInteger();
        private volatile boolean ready;

        private Server(int port) {
            this.port = port;
        }
    }

    private Balancer(ServerSocket listening, List<Server> servers) {
        this.listening = listening;
        this.servers = servers;
    }

    /// Starts to balance between servers on these ports.
    public static Balancer start(List<Integer> ports) throws IOException {
        ServerSocket listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Balancer balancer =
                new Balancer(listening, ports.stream().map(Server::new).toList());
        balancer.servers.forEach(server -> Thread.ofPlatform().daemon().start(() -> balancer.check(server)));
        Thread.ofPlatform().daemon().start(balancer::accept);
        return balancer;
    }

    public int port() {
        return listening.getLocalPort();
    }

    /// Whether new connections may go to the server with this number.
    public boolean ready(int server) {
        return servers.get(server).ready;
    }

    /// The number of connections that the server with this number received.
    public int connections(int server) {
        return servers.get(server).connections.get();
    }

    private void check(Server server) {
        try {
            do {
                server.ready = answersReady(server.port);
            } while (!closed.await(CHECK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean answersReady(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(CHECK_TIMEOUT_MILLIS);
            socket.getOutputStream().write(CHECK);
            return new String(socket.getInputStream().readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII)
                    .endsWith(" 200");
        } catch (IOException notThere) {
            return false;
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> pass(client));
            } catch (IOException closing) {
                return;
            }
        }
    }

    private void pass(Socket client) {
        List<Server> ready = servers.stream().filter(server -> server.ready).toList();
        try (client) {
            if (ready.isEmpty()) {
                return;
            }
            Server server = ready.get(Math.floorMod(turn.getAndIncrement(), ready.size()));
            server.connections.incrementAndGet();
            try (Socket behind = new Socket(InetAddress.getLoopbackAddress(), server.port)) {
                client.setTcpNoDelay(true);
                behind.setTcpNoDelay(true);
                Thread answers = Thread.ofVirtual().start(() -> copy(behind, client));
                copy(client, behind);
                answers.join();
            }
        } catch (IOException | InterruptedException ended) {
            // The client sees a closed connection.
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
            to.shutdownOutput();
        } catch (IOException broken) {
            try {
                to.close();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listening.close();
    }
}
