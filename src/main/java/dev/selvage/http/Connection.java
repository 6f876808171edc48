package dev.selvage.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A client connection. It takes the requests of the client one after another, has each handled by the
/// [Pipeline], and writes the responses. Everything here runs on the thread of its event loop, except the calls
/// of virtual threads. It also records whether the server waits for the client, for which event and since when,
/// so that [Connections] can close it, and bounds the size of a request. A write or close that fails ends the
/// connection, so its result is not used.
@SuppressWarnings("FutureReturnValueIgnored")
final class Connection extends ChannelInboundHandlerAdapter {

    /// The most bytes of one request: request line, headers and body, doubled for the
    /// overhead of chunks.
    static final long REQUEST_BYTES_MAX = 4L * Server.HEADER_BYTES_MAX + 2L * Server.BODY_BYTES_MAX;
    /// The most bytes that the server reads and discards after its last response, 16 MB. If the socket is
    /// closed with unread bytes, the client can lose the response.
    static final long REST_BYTES_MAX = 16 << 20;
    /// The most time for reading the bytes of [#REST_BYTES_MAX].
    static final Duration REST_MAX = Duration.ofSeconds(2);

    /// A longer body is read when its call asks for it, which has its share of the memory then.
    private static final int BODY_BYTES_AT_ONCE = 32 << 10;
    /// A response that is longer keeps the memory of its call until the client has taken it.
    private static final int RESPONSE_BYTES_AT_ONCE = 64 << 10;

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final Logger LOG = LoggerFactory.getLogger("selvage.connections");

    /// The event that the server waits for; `NOTHING` while it handles a call.
    enum Awaited {
        NOTHING,
        NEXT_REQUEST,
        REQUEST,
        RESPONSE_TAKEN,
        END
    }

    /// A wait for the client.
    ///
    /// @param sinceNanos start of the wait, by `System.nanoTime()`. For a request: its first byte, however many
    ///         bytes follow
    record Wait(Awaited awaited, long sinceNanos) {}

    private static final Wait NOTHING = new Wait(Awaited.NOTHING, 0);

    private final Server server;
    private final Channel channel;
    private final RequestDecoder decoder = new RequestDecoder(this::received);
    private volatile Wait wait = new Wait(Awaited.REQUEST, System.nanoTime());
    /// What arrived after the request that is being handled.
    private final Queue<HttpObject> pipelined = new ArrayDeque<>();
    /// Set by [#handlerAdded], like the next two.
    @SuppressWarnings("NullAway.Init")
    private ChannelHandlerContext context;

    @SuppressWarnings("NullAway.Init")
    private String remote;

    private @Nullable LoopBatch batch;
    private @Nullable Exchange exchange;
    private long requestSinceNanos = System.nanoTime();
    private long bytes;
    private boolean inputEnded;
    private boolean ending;

    Connection(Server server, Channel channel) {
        this.server = server;
        this.channel = channel;
    }

    /// A request and its response. Of the thread of the loop, except for `call`, which one thread at a time
    /// runs.
    private static final class Exchange {
        private final Pipeline.Call call;
        private final RequestBody body;
        private final boolean head;
        private final boolean expectsContinue;
        /// Whether the connection ends after the response.
        private boolean last;

        private boolean received;
        private boolean begun;
        private boolean responded;
        private boolean taken;
        private @Nullable Response response;

        private Exchange(Pipeline.Call call, RequestBody body, HttpRequest request, boolean last) {
            this.call = call;
            this.body = body;
            this.head = request.method().equals(HttpMethod.HEAD);
            this.expectsContinue = Requests.expectsContinue(request);
            this.last = last;
        }
    }

    /// The wait of this connection now. Any thread.
    Wait awaits() {
        return wait;
    }

    /// Closes the connection at once. Any thread.
    void cut() {
        channel.close();
    }

    /// Closes the connection if no request has begun to arrive, otherwise after its response. Any thread.
    void stop() {
        channel.eventLoop().execute(() -> {
            Awaited awaited = wait.awaited();
            if (awaited == Awaited.NEXT_REQUEST || awaited == Awaited.END || bytes == 0 && exchange == null) {
                channel.close();
            }
        });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        batch = server.batch(added.executor());
        remote = channel.remoteAddress() instanceof InetSocketAddress peer && peer.getAddress() != null
                ? peer.getAddress().getHostAddress()
                : "";
        added.pipeline().addBefore(added.name(), null, decoder);
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        if (exchange != null) {
            exchange.body.fail(RequestBody.MALFORMED);
        }
        ending = true;
        dropPipelined();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext caught, Throwable failed) {
        if (failed instanceof IOException || failed instanceof DecoderException) {
            LOG.debug("connection failed", failed);
        } else {
            LOG.error("fault of a connection", failed);
        }
        caught.close();
    }

    /// Bytes have arrived.
    private void received(int count) {
        bytes += count;
        if (bytes > (ending ? REST_BYTES_MAX : REQUEST_BYTES_MAX)) {
            channel.close();
        } else if (wait.awaited() == Awaited.NEXT_REQUEST) {
            awaitRequest(System.nanoTime());
        }
    }

    private void awaitRequest(long sinceNanos) {
        requestSinceNanos = sinceNanos;
        wait = new Wait(Awaited.REQUEST, sinceNanos);
    }

    @Override
    public void channelRead(ChannelHandlerContext read, Object message) {
        if (ending) {
            ReferenceCountUtil.release(message);
        } else if (isFree() && pipelined.isEmpty()) {
            take((HttpObject) message);
        } else {
            // Not more than one read has: the client waits until its requests are handled.
            pipelined.add((HttpObject) message);
            channel.config().setAutoRead(false);
        }
    }

    /// Whether the next part of a request can be taken.
    private boolean isFree() {
        return exchange == null || !exchange.received;
    }

    private void take(HttpObject part) {
        if (part instanceof HttpRequest request) {
            begin(request);
        }
        if (part instanceof HttpContent content) {
            try {
                add(content);
            } finally {
                content.release();
            }
        }
    }

    private void begin(HttpRequest request) {
        String problem = Requests.problem(request);
        if (!problem.isEmpty()) {
            refuse(request, problem);
            return;
        }
        RequestTarget target = RequestTarget.of(request.uri());
        long length = Requests.bodyLength(request);
        RequestBody body = new RequestBody(length < 0 ? Server.BODY_BYTES_MAX : (int) length, () -> channel.eventLoop()
                .execute(this::awaitBody));
        Pipeline.Call call = server.pipeline()
                .begin(new Request(
                        request.method().name().toUpperCase(Locale.ROOT),
                        target.path(),
                        Map.of(),
                        target.query(),
                        request.headers()::getAll,
                        body,
                        remote));
        exchange = new Exchange(call, body, request, !Requests.keepsConnection(request));
        if (length < 0 || length > BODY_BYTES_AT_ONCE || exchange.expectsContinue && length > 0) {
            channel.config().setAutoRead(false);
            call(exchange);
        }
    }

    /// Refuses a request that is not valid.
    private void refuse(HttpRequest request, String problem) {
        String target = request.decoderResult().isFailure() ? decoder.target() : request.uri();
        Response response = server.pipeline().unreadable(RequestTarget.pathOf(target), problem);
        ending = true;
        write(response, false, true).addListener(done -> end());
    }

    /// Adds a part of the body to the current request.
    private void add(HttpContent content) {
        Exchange current = exchange;
        if (current == null) {
            return;
        }
        if (content.decoderResult().isFailure()) {
            endBody(current, RequestBody.MALFORMED);
            return;
        }
        if (!current.responded && !current.body.add(content.content())) {
            endBody(current, RequestBody.TOO_LARGE);
            return;
        }
        if (content instanceof LastHttpContent) {
            current.received = true;
            current.body.complete();
            proceed(current);
        }
    }

    /// The rest of the body cannot be read, so the next request cannot be found.
    private void endBody(Exchange current, String problem) {
        current.received = true;
        current.last = true;
        current.body.fail(problem);
        decoder.discard();
        proceed(current);
    }

    private void proceed(Exchange current) {
        if (current.taken) {
            finish(current);
        } else if (current.responded) {
            wait = new Wait(Awaited.RESPONSE_TAKEN, System.nanoTime());
        } else if (!current.begun) {
            call(current);
        } else {
            wait = NOTHING;
        }
    }

    /// The call wants the body that has not arrived.
    private void awaitBody() {
        Exchange current = exchange;
        if (current == null || current.received) {
            return;
        }
        if (current.expectsContinue) {
            context.writeAndFlush(context.alloc().buffer(CONTINUE.length).writeBytes(CONTINUE));
        }
        awaitRequest(requestSinceNanos);
        channel.config().setAutoRead(true);
    }

    private void call(Exchange current) {
        current.begun = true;
        wait = NOTHING;
        if (batch != null && current.received && current.call.runsOnLoop()) {
            batch.add(this);
        } else {
            callOnVirtualThread(current);
        }
    }

    /// Handles the call on the thread of the loop, unless it would wait.
    void callOnLoop() {
        Exchange current = exchange;
        if (current != null) {
            server.memory().shareWithoutWaiting(() -> current.response = current.call.respondWithoutWaiting());
        }
    }

    /// Writes the response of [#callOnLoop], or handles the call on a thread of its own.
    void respondFromLoop() {
        Exchange current = exchange;
        if (current == null) {
            return;
        }
        if (current.response == null) {
            callOnVirtualThread(current);
        } else {
            respond(current, current.response);
        }
    }

    private void callOnVirtualThread(Exchange current) {
        Thread.startVirtualThread(() -> server.memory().share(() -> {
            Response response = current.call.respond();
            CompletableFuture<Void> taken = new CompletableFuture<>();
            channel.eventLoop().execute(() -> respond(current, response).addListener(done -> taken.complete(null)));
            if (response.body().length > RESPONSE_BYTES_AT_ONCE) {
                taken.join();
            }
        }));
    }

    private ChannelFuture respond(Exchange current, Response response) {
        current.responded = true;
        // A client that waits for leave to send its body can also send it after a refusal, or not.
        current.last |= server.isDraining() || current.expectsContinue && !current.body.isRead();
        ChannelFuture written = write(response, current.head, current.last);
        if (written.isDone()) {
            taken(current, written);
        } else {
            wait = new Wait(Awaited.RESPONSE_TAKEN, System.nanoTime());
            written.addListener(done -> taken(current, written));
        }
        return written;
    }

    private ChannelFuture write(Response response, boolean head, boolean last) {
        return context.writeAndFlush(server.writer().write(response, head, last, context.alloc()));
    }

    /// The client has taken the response, or is gone.
    private void taken(Exchange current, ChannelFuture written) {
        current.taken = true;
        if (!written.isSuccess()) {
            channel.close();
        } else if (current.received || current.last) {
            finish(current);
        } else {
            // The rest of a body that no call reads.
            awaitRequest(requestSinceNanos);
            channel.config().setAutoRead(true);
        }
    }

    /// Takes the next request.
    private void finish(Exchange finished) {
        if (finished.last) {
            end();
            return;
        }
        exchange = null;
        bytes = 0;
        wait = new Wait(Awaited.NEXT_REQUEST, System.nanoTime());
        while (!pipelined.isEmpty() && isFree() && !ending) {
            awaitRequest(System.nanoTime());
            take(pipelined.remove());
        }
        if (ending || !isFree()) {
            return;
        }
        Exchange next = exchange;
        if (!inputEnded) {
            channel.config().setAutoRead(true);
        } else if (next == null) {
            channel.close();
        } else {
            endBody(next, RequestBody.MALFORMED);
        }
    }

    /// Ends the connection after its last response. It reads on for at most [#REST_MAX], because closing a
    /// socket with unread bytes resets it, and the client can then lose the response.
    private void end() {
        ending = true;
        decoder.discard();
        dropPipelined();
        if (inputEnded || server.isStopping()) {
            channel.close();
            return;
        }
        bytes = 0;
        wait = new Wait(Awaited.END, System.nanoTime());
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (channel instanceof SocketChannel socket) {
            socket.shutdownOutput();
        }
        channel.config().setAutoRead(true);
    }

    private void dropPipelined() {
        pipelined.forEach(ReferenceCountUtil::release);
        pipelined.clear();
    }

    /// The client has sent everything and can still read.
    @Override
    public void userEventTriggered(ChannelHandlerContext triggered, Object event) {
        if (event != ChannelInputShutdownEvent.INSTANCE) {
            return;
        }
        inputEnded = true;
        Exchange current = exchange;
        if (current == null) {
            triggered.close();
        } else if (!current.received) {
            endBody(current, RequestBody.MALFORMED);
        } else if (wait.awaited() == Awaited.END) {
            triggered.close();
        }
    }
}
