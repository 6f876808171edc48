package dev.selvage.http;

import dev.selvage.base.OperatorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/// What clients may hold of the server: how many connections, and how long each may keep it waiting. Each time
/// is a total, so that a byte now and then does not prolong it.
///
/// @param open    connections at once; empty: what file descriptors and memory allow
/// @param idle    how long a connection may be open between two requests
/// @param request how long a request may take to arrive, to the last byte of its body; the first one from the
///         connection on
/// @param answer  how long the client may take to accept a part of its answer
public record ConnectionLimits(OptionalInt open, Duration idle, Duration request, Duration answer) {

    /// Idle connections live longer than those who keep them use them again, else a call meets the end of its
    /// connection: 600 s at Google's balancer and 900 s at Cloudflare's, neither of which can be changed.
    public static final Duration IDLE = Duration.ofSeconds(930);

    public static final ConnectionLimits DEFAULT =
            new ConnectionLimits(OptionalInt.empty(), IDLE, Duration.ofSeconds(60), Duration.ofSeconds(60));

    /// For the store, files and outgoing calls: connections of clients leave so many file descriptors free.
    static final int DESCRIPTORS_KEPT = 256;

    private static final int OPEN_MAX = 10_000;
    private static final int OPEN_MIN = 64;
    // Measured as resident memory: 30 KB and 108 KB, most of it the buffers of the library.
    private static final long BYTES_PLAIN = 32 << 10;
    private static final long BYTES_TLS = 128 << 10;

    /// The same with another number of connections.
    public ConnectionLimits withOpen(OptionalInt number) {
        return new ConnectionLimits(number, idle, request, answer);
    }

    /// The same with another time between two requests.
    public ConnectionLimits withIdle(Duration time) {
        return new ConnectionLimits(open, time, request, answer);
    }

    /// How many connections may be open in a process with so much memory and so many file descriptors.
    ///
    /// @param heapBytes the most that the heap may grow to; when nobody says a number, connections get a
    ///         quarter of it
    /// @param descriptors the most files and sockets that the process may have open
    /// @throws OperatorException when more are wanted than there are file descriptors
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

    /// The most files and sockets that this process may have open. Where the system does not say it, as many as
    /// one likes.
    static long descriptors() {
        try {
            return descriptors(Files.readAllLines(Path.of("/proc/self/limits")));
        } catch (IOException elsewhere) {
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
