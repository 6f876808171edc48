package dev.selvage.http;

import dev.selvage.base.CallMemory;
import dev.selvage.error.ApiError;
import dev.selvage.error.RequestErrors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The body of a request. The event loop of its connection adds the bytes, and the call reads them on its own
/// thread.
final class RequestBody implements Request.BodyReader {

    static final String TOO_LARGE = "The body is larger than " + Server.BODY_BYTES_MAX + " bytes.";
    static final String MALFORMED = "The body ended early or is malformed.";

    /// The bytes of a body are collected and then copied, which takes twice their length.
    private static final int COPIES = 2;

    private static final byte[] NONE = new byte[0];

    private final int lengthMax;
    private final Runnable wanted;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private volatile boolean read;
    private @Nullable ByteBuf collected;

    /// @param lengthMax the length, or the most that it can be
    /// @param wanted runs when the call waits for a body that has not arrived
    RequestBody(int lengthMax, Runnable wanted) {
        this.lengthMax = lengthMax;
        this.wanted = wanted;
    }

    /// What became of the body.
    ///
    /// @param problem empty if it arrived
    private record Outcome(byte[] bytes, String problem) {}

    @Override
    public byte[] read() {
        read = true;
        CallMemory.Share share = CallMemory.required();
        return outcome.isDone()
                ? share.body(arrived())
                : share.body((long) COPIES * lengthMax, () -> {
                    wanted.run();
                    return arrived();
                });
    }

    /// Whether the call has asked for the body.
    boolean isRead() {
        return read;
    }

    private byte[] arrived() {
        Outcome known = outcome.join();
        if (!known.problem.isEmpty()) {
            throw ApiError.of(RequestErrors.BAD_REQUEST, known.problem);
        }
        return known.bytes;
    }

    /// Adds bytes. Returns false if the body becomes too large; then nothing more is added.
    boolean add(ByteBuf bytes) {
        if (collected == null) {
            collected = bytes.alloc().heapBuffer(Math.max(bytes.readableBytes(), 256));
        }
        if (collected.readableBytes() + bytes.readableBytes() > lengthMax) {
            fail(TOO_LARGE);
            return false;
        }
        collected.writeBytes(bytes);
        return true;
    }

    /// All bytes have been added.
    void complete() {
        finish(new Outcome(collected == null ? NONE : ByteBufUtil.getBytes(collected), ""));
    }

    /// The rest never arrives. Without effect after [#complete].
    void fail(String problem) {
        finish(new Outcome(NONE, problem));
    }

    private void finish(Outcome how) {
        outcome.complete(how);
        if (collected != null) {
            collected.release();
            collected = null;
        }
    }
}
