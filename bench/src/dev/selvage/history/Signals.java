package dev.selvage.history;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Signals to processes, and free ports.
final class Signals {

    /// Below the ephemeral ports of the kernel, so that no client takes a port while its server is down.
    private static final int PORT_MIN = 20_000;
    private static final int PORT_MAX = 32_000;

    private Signals() {}

    /// Sends `STOP`, `CONT` or `KILL` to processes. A process that has ended is omitted.
    static void send(String signal, List<ProcessHandle> processes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        processes.stream().filter(ProcessHandle::isAlive).forEach(process -> command.add(Long.toString(process.pid())));
        if (command.size() > 2) {
            // `kill` fails if one process has ended meanwhile, but signals the others.
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }

    static void awaitEnd(List<ProcessHandle> processes) throws InterruptedException {
        try {
            CompletableFuture.allOf(
                            processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /// A port without a listener.
    static int freePort() throws IOException {
        int first = (int) (System.nanoTime() / 1_000 % (PORT_MAX - PORT_MIN));
        for (int i = 0; i < PORT_MAX - PORT_MIN; i++) {
            int port = PORT_MIN + (first + i) % (PORT_MAX - PORT_MIN);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // the next one
            }
        }
        throw new IOException("No port from " + PORT_MIN + " to " + PORT_MAX + " is free");
    }
}
