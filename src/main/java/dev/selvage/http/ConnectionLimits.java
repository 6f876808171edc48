package dev.selvage.http;

import dev.selvage.base.OperatorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/// The limits of client connections: their number, and how long each may keep the server waiting. Each time is
/// a total. Sending single bytes does not extend it.
///
/// @param open    connections at once; empty: computed from file descriptors and memory
/// @param idle    the most time that a connection may be open between two requests
/// @param request the most time for a request to arrive, up to the last byte of its body; for the first request
///         it starts with the connection
/// @param response the most time for the client to accept a part of a response
public record ConnectionLimits(OptionalInt open, Duration idle, Duration request, Duration response) {

    /// The default idle time, 930 s. It must be longer than the time for which load balancers reuse idle
    /// connections, otherwise a request can meet a closed connection. Google's balancer uses 600 s and
    /// Cloudflare's 900 s; neither can be changed.
    public static final Duration IDLE = Duration.ofSeconds(930);

    public static final ConnectionLimits DEFAULT =
            new ConnectionLimits(OptionalInt.empty(), IDLE, Duration.ofSeconds(60), Duration.ofSeconds(60));

    /// File descriptors reserved for the store, files and outgoing calls.
    static final int DESCRIPTORS_KEPT = 256;

    private static final int OPEN_MAX = 10_000;
    private static final int OPEN_MIN = 64;
    // For connections whose request or response is on its way, with their buffers. Idle ones have 2 KB and the
    // state of their TLS.
    private static final long BYTES_PLAIN = 32 << 10;
    private static final long BYTES_TLS = 128 << 10;

    /// The same limits with another number of connections.
    public ConnectionLimits withOpen(OptionalInt number) {
        return new ConnectionLimits(number, idle, request, response);
    }

    /// The same limits with another idle time.
    public ConnectionLimits withIdle(Duration time) {
        return new ConnectionLimits(open, time, request, response);
    }

    /// The number of connections that may be open in a process with the given memory and file descriptors: 64
    /// to 10,000 if no number is configured.
    ///
    /// @param secure whether the connections use TLS, which takes four times the memory
    /// @param heapBytes maximum size of the heap. If no number is configured, connections get a quarter of it
    /// @param descriptors maximum number of open files and sockets of the process
    /// @throws OperatorException if the configured number exceeds the file descriptors
    int openIn(boolean secure, long heapBytes, long descriptors) {
        long byDescriptors = descriptors - DESCRIPTORS_KEPT;
        if (open.isPresent() && open.getAsInt() > byDescriptors) {
            throw new OperatorException(
                    open.getAsInt() + " connections need " + (open.getAsInt() + (long) DESCRIPTORS_KEPT)
                            + " file descriptors, and this process may have " + descriptors
                            + ". Raise its limit (ulimit -n, LimitNOFILE), or"
                            + " lower --max-connections.");
        }
        long byMemory = heapBytes / 4 / (secure ? BYTES_TLS : BYTES_PLAIN);
        return open.orElseGet(() -> Math.clamp(Math.min(byMemory, byDescriptors), OPEN_MIN, OPEN_MAX));
    }

    /// The soft limit of open files and sockets of this process; `Long.MAX_VALUE` if the system does not report
    /// one.
    static long descriptors() {
        try {
            return descriptors(Files.readAllLines(Path.of("/proc/self/limits")));
        } catch (IOException unreported) {
            return Long.MAX_VALUE;
        }
    }

    private static long descriptors(List<String> limits) {
        return limits.stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split("\\s+")[3])
                .mapToLong(soft -> soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft))
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }
}
