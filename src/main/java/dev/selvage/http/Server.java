package dev.selvage.http;

import dev.selvage.base.CallMemory;
import dev.selvage.base.EventLoops;
import dev.selvage.base.OperatorException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/// The web server around the [Pipeline]. Event loops read and write the sockets of all connections. A call is
/// handled on a virtual thread, or on the thread of its loop if its route allows that. Only this package uses
/// the HTTP library.
public final class Server implements AutoCloseable {

    /// The maximum length of a request body, 1 MB.
    public static final int BODY_BYTES_MAX = 1 << 20;
    /// The maximum length of the request headers and of the request line, 32 KB each. The longest session JWT
    /// has 28 KB (`sessions/SessionJwts`), and a header can carry one.
    public static final int HEADER_BYTES_MAX = 32 << 10;
    /// The maximum time for which a stop waits for running calls.
    public static final Duration DRAIN_MAX = Duration.ofSeconds(30);

    private static final AttributeKey<Connection> CONNECTION = AttributeKey.valueOf("connection");

    private final Pipeline pipeline;
    private final CallMemory memory = new CallMemory(Runtime.getRuntime().maxMemory());
    private final ResponseWriter writer;
    private final Connections connections;
    private final Optional<SSLContext> tls;
    /// Signatures of TLS handshakes take too long for a loop.
    private final Executor handshakes = Executors.newVirtualThreadPerTaskExecutor();

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            EventLoops.count(), new DefaultThreadFactory("http", true), NioIoHandler.newFactory());
    private final IdentityHashMap<EventExecutor, LoopBatch> batches = new IdentityHashMap<>();
    private final Channel listener;
    private volatile boolean draining;
    private volatile boolean stopping;

    private Server(
            InetSocketAddress address,
            Optional<SSLContext> tls,
            ConnectionLimits limits,
            Pipeline pipeline,
            Optional<LoopCalls> loopCalls) {
        this.pipeline = pipeline;
        this.tls = tls;
        writer = new ResponseWriter(pipeline.clock());
        connections = new Connections(
                limits,
                limits.openIn(tls.isPresent(), Runtime.getRuntime().maxMemory(), ConnectionLimits.descriptors()));
        loopCalls.ifPresent(calls -> loops.forEach(loop -> batches.put(loop, new LoopBatch(loop, calls))));
        listener = listen(address);
        connections.start();
    }

    /// Starts to listen. Port 0 selects a free port.
    ///
    /// @param tls empty: the server speaks plain HTTP
    /// @param loopCalls empty: all calls are handled on virtual threads
    /// @throws OperatorException if the address cannot be bound, or the system allows fewer connections than
    ///         configured
    public static Server start(
            String host,
            int port,
            Optional<SSLContext> tls,
            ConnectionLimits limits,
            Pipeline pipeline,
            Optional<LoopCalls> loopCalls) {
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
            return new Server(address, tls, limits, pipeline, loopCalls);
        } catch (UnknownHostException unknown) {
            throw new OperatorException("Cannot listen on " + host + ": no address has this name.", unknown);
        }
    }

    private Channel listen(InetSocketAddress address) {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, tls.isEmpty())
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object accepted) {
                        if (admit((Channel) accepted)) {
                            context.fireChannelRead(accepted);
                        }
                    }
                })
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        tls.ifPresent(context -> channel.pipeline().addLast(secured(context)));
                        channel.pipeline().addLast(channel.attr(CONNECTION).get());
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        Throwable failed = bound.cause();
        if (failed == null) {
            return bound.channel();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        String where = "port " + address.getPort() + " of " + address.getHostString();
        boolean inUse = failed instanceof BindException
                && String.valueOf(failed.getMessage()).contains("in use");
        throw new OperatorException(
                inUse
                        ? "P" + where.substring(1)
                                + " is in use by another program. Stop it, or choose another port with --port."
                        : "Cannot listen on " + where + ": " + failed.getMessage() + ".",
                failed);
    }

    /// Takes a new connection or closes it. Runs on the accepting thread, so that connections have the order in
    /// which they arrived.
    private boolean admit(Channel channel) {
        Connection connection = new Connection(this, channel);
        if (!connections.add(connection)) {
            channel.unsafe().closeForcibly();
            return false;
        }
        channel.attr(CONNECTION).set(connection);
        channel.closeFuture().addListener(closed -> connections.remove(connection));
        return true;
    }

    private SslHandler secured(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        return new SslHandler(engine, handshakes);
    }

    /// The port on which the server listens.
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /// Whether the server speaks TLS.
    public boolean secure() {
        return tls.isPresent();
    }

    /// From now on, each response closes its connection, so that clients connect to other nodes before this one
    /// stops.
    public void drain() {
        draining = true;
    }

    /// Stops listening, and waits at most [#DRAIN_MAX] for running calls.
    @Override
    public void close() {
        drain();
        stopping = true;
        listener.close().awaitUninterruptibly();
        connections.stop(DRAIN_MAX);
        connections.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    Pipeline pipeline() {
        return pipeline;
    }

    CallMemory memory() {
        return memory;
    }

    ResponseWriter writer() {
        return writer;
    }

    Connections connections() {
        return connections;
    }

    /// The batch of calls of an event loop; null if the calls of all routes are handled on virtual threads.
    @Nullable
    LoopBatch batch(EventExecutor loop) {
        return batches.get(loop);
    }

    boolean isDraining() {
        return draining;
    }

    boolean isStopping() {
        return stopping;
    }
}
