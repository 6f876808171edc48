package dev.selvage.base;

/// The threads that read the sockets of all connections. Those that read the store keep a connection for each.
public final class EventLoops {

    private static final int MIN = 2;
    private static final int MAX = 4;

    private EventLoops() {}

    /// As many as there are processors, 2 to 4.
    public static int count() {
        return Math.clamp(Runtime.getRuntime().availableProcessors(), MIN, MAX);
    }
}
