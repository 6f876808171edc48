package dev.selvage.http;

/// Runs calls on the thread of an event loop. The program gives it to [Server#start] if its store can answer
/// without blocking.
@FunctionalInterface
public interface LoopCalls {

    /// Runs a batch of calls whose requests have all arrived, for example in one read transaction. The batch
    /// never throws. A call in it throws [dev.selvage.base.WouldBlockException] where it would wait.
    ///
    /// @throws RuntimeException if the batch could not begin. Each call then runs on a thread of its own
    void run(Runnable batch);
}
