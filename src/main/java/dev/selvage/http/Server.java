package dev.selvage.http;

import dev.selvage.base.CallMemory;
import dev.selvage.base.MemoryBudgetException;
import dev.selvage.base.OperatorException;
import dev.selvage.error.ApiError;
import dev.selvage.error.RequestErrors;
import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.RequestException;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/// The web server around the [Pipeline]. It runs one virtual thread per connection. Only this package uses the
/// HTTP library.
public final class Server implements AutoCloseable {

    /// The maximum length of a request body, 1 MB.
    public static final int BODY_BYTES_MAX = 1 << 20;
    /// The maximum length of the request headers and of the request line, 32 KB each. The longest session JWT
    /// has 28 KB (`sessions/SessionJwts`), and a header can carry one.
    public static final int HEADER_BYTES_MAX = 32 << 10;
    /// The maximum time for which a stop waits for running calls.
    public static final Duration DRAIN_MAX = Duration.ofSeconds(30);

    private static final Map<String, HeaderName> NAMES = new ConcurrentHashMap<>();
    private static final int YIELDS_PER_WAIT = 4;
    /// The bytes of a body are collected in pieces and then copied, which takes twice their length.
    private static final long READ_COPIES = 2;
    private static final byte[] NO_BODY = new byte[0];
    private static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
    private static final String BODY_TOO_LARGE = "The body is larger than " + BODY_BYTES_MAX + " bytes.";

    private final WebServer server;
    private final boolean secure;
    private final AtomicBoolean draining;
    private final Connections connections;

    private Server(WebServer server, boolean secure, AtomicBoolean draining, Connections connections) {
        this.server = server;
        this.secure = secure;
        this.draining = draining;
        this.connections = connections;
    }

    /// Starts to listen. Port 0 selects a free port. Without `tls` the server speaks plain HTTP.
    ///
    /// @throws OperatorException if the address cannot be bound, or the system allows fewer connections than
    ///         configured
    public static Server start(
            String host, int port, Optional<SSLContext> tls, ConnectionLimits limits, Pipeline pipeline) {
        AtomicBoolean draining = new AtomicBoolean();
        CallMemory memory = new CallMemory(Runtime.getRuntime().maxMemory());
        int open = limits.openIn(tls.isPresent(), Runtime.getRuntime().maxMemory(), ConnectionLimits.descriptors());
        Connections connections = new Connections(
                Http1ConnectionSelector.builder()
                        .config(Http1Config.builder()
                                .maxPrologueLength(HEADER_BYTES_MAX)
                                .maxHeadersSize(HEADER_BYTES_MAX)
                                .validatePath(false)
                                .build())
                        .build(),
                limits,
                open);
        var builder = WebServer.builder()
                .host(host)
                .port(port)
                .shutdownHook(false)
                .shutdownGracePeriod(DRAIN_MAX)
                .maxTcpConnections(open + Connections.CLOSING_MAX)
                .maxPayloadSize(BODY_BYTES_MAX)
                // The library writes headers and a large body separately. Without `TCP_NODELAY` it would wait
                // for the delayed acknowledgement of the client between them.
                .connectionOptions(new AcceptOptions(
                        SocketOptions.builder().tcpNoDelay(true).build(), connections))
                // HTTP/1.1 is the only protocol. A client of another protocol receives an error in the format
                // of the API.
                .protocolsDiscoverServices(false)
                .addConnectionSelector(connections)
                .directHandlers(directHandlers(pipeline))
                .routing(HttpRouting.builder()
                        .any((request, response) -> memory.share(() -> serve(pipeline, draining, request, response))));
        tls.ifPresent(context -> builder.tls(Tls.builder().sslContext(context).build()));
        probe(host, port);
        WebServer started = builder.build().start();
        if (!started.isRunning()) {
            throw new OperatorException("Cannot listen on port " + port + " of " + host + "; the log says why.");
        }
        connections.start();
        return new Server(started, tls.isPresent(), draining, connections);
    }

    /// Binds the port once before the library does, because the library only logs the cause of a failure.
    private static void probe(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException unknown) {
            throw new OperatorException("Cannot listen on " + host + ": no address has this name.", unknown);
        } catch (BindException taken) {
            boolean inUse = String.valueOf(taken.getMessage()).contains("in use");
            throw new OperatorException(
                    inUse
                            ? "Port " + port + " of " + host
                                    + " is in use by another program. Stop it, or choose another port with --port."
                            : "Cannot listen on port " + port + " of " + host + ": " + taken.getMessage() + ".",
                    taken);
        } catch (IOException failed) {
            throw new OperatorException(
                    "Cannot listen on port " + port + " of " + host + ": " + failed.getMessage() + ".", failed);
        }
    }

    /// The port on which the server listens.
    public int port() {
        return server.port();
    }

    /// Whether the server speaks TLS.
    public boolean secure() {
        return secure;
    }

    /// From now on, each response closes its connection, so that clients connect to other nodes before this one
    /// stops.
    public void drain() {
        draining.set(true);
    }

    /// Stops listening, and waits at most [#DRAIN_MAX] for running calls.
    @Override
    public void close() {
        drain();
        connections.stopAccepting();
        server.stop();
        connections.close();
    }

    private static void serve(
            Pipeline pipeline, AtomicBoolean draining, ServerRequest request, ServerResponse response) {
        AtomicBoolean bodyBroken = new AtomicBoolean();
        String path = path(request.path().rawPath());
        Response result = containsControl(path)
                ? pipeline.unreadable(path, "The path contains a control character.")
                : pipeline.handle(read(request, path, bodyBroken));
        response.status(Status.create(result.status()));
        writeHeaders(result, response::header);
        // A client that sent `Expect: 100-continue` may send its body after a refusal, or not. The start of the
        // next request is then unknown.
        boolean bodyMayFollow = request.headers().contains(HeaderNames.EXPECT)
                && request.content().hasEntity()
                && !request.content().consumed();
        boolean nextRequestUnknown = bodyBroken.get() || bodyMayFollow;
        if (draining.get() || nextRequestUnknown) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        if (request.prologue().method().equals(Method.HEAD)) {
            response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(result.body().length));
        }
        response.send(request.prologue().method().equals(Method.HEAD) ? NO_BODY : result.body());
        yieldToOthers();
        if (request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
            // The library would send `Connection: close` and then wait for the next request.
            throw new CloseConnectionException("The client requested it");
        }
        if (nextRequestUnknown) {
            throw new CloseConnectionException("The start of the next request is unknown");
        }
    }

    /// Lets other virtual threads run after a response. Virtual threads are not preempted: a client whose next
    /// request arrives before this thread looks for it would keep a processor, and as many such clients as
    /// there are processors would block all others. `Thread.yield` puts the thread into the queue of its
    /// processor, which is served before threads that waited for a socket. One time in four, the thread parks
    /// instead and leaves that queue (`docs/decisions/http.md`).
    private static void yieldToOthers() {
        // Selected by the clock, in steps of about 1 µs. A counter could select the same connections each time.
        long micros = System.nanoTime() >>> 10;
        if (micros % YIELDS_PER_WAIT == 0) {
            LockSupport.parkNanos(1);
        } else {
            Thread.yield();
        }
    }

    private static void writeHeaders(Response result, Consumer<Header> headers) {
        if (result.status() != Status.NO_CONTENT_204.code()) {
            headers.accept(HeaderValues.create(HeaderNames.CONTENT_TYPE, result.contentType()));
        }
        if (!result.headers().containsKey(HeaderNames.CACHE_CONTROL.defaultCase())) {
            headers.accept(NO_STORE);
        }
        result.headers().forEach((name, value) -> headers.accept(HeaderValues.create(headerName(name), value)));
    }

    /// Whether a path contains a control character. The library checks only the query.
    private static boolean containsControl(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (Character.isISOControl(path.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static Request read(ServerRequest request, String path, AtomicBoolean bodyBroken) {
        Map<String, List<String>> query = new HashMap<>();
        for (String name : request.query().names()) {
            query.put(name, request.query().all(name, List::of));
        }
        ServerRequestHeaders headers = request.headers();
        return new Request(
                request.prologue().method().text(),
                path,
                Map.of(),
                query,
                name -> headers.all(headerName(name), List::of),
                () -> body(request, bodyBroken),
                remote(request));
    }

    /// The IP address of the peer, without a DNS lookup.
    private static String remote(ServerRequest request) {
        return request.remotePeer().address() instanceof InetSocketAddress peer && peer.getAddress() != null
                ? peer.getAddress().getHostAddress()
                : "";
    }

    /// The path of a request target, which may be an absolute URL (RFC 9112, 3.2.2).
    private static String path(String target) {
        if (target.startsWith("/") || !target.matches("(?i)https?://.*")) {
            return target;
        }
        int path = target.indexOf('/', target.indexOf("://") + 3);
        return path < 0 ? "/" : target.substring(path);
    }

    /// The cached name of a header.
    ///
    /// @param name a name from the program, never from a request, so that the cache is bounded
    private static HeaderName headerName(String name) {
        return NAMES.computeIfAbsent(name, HeaderNames::create);
    }

    /// The body, at most [#BODY_BYTES_MAX] bytes.
    ///
    /// @throws ApiError `bad_request` if the body is too large, ends early or has malformed chunks. The library
    ///         has no common exception type for these
    private static byte[] body(ServerRequest request, AtomicBoolean bodyBroken) {
        if (!request.content().hasEntity()) {
            return NO_BODY;
        }
        // Not closed: closing would read on in a broken body.
        InputStream stream = request.content().inputStream();
        long bytes = READ_COPIES
                * Math.min(BODY_BYTES_MAX, request.headers().contentLength().orElse(BODY_BYTES_MAX));
        try {
            return CallMemory.required().body(bytes, stream::readAllBytes);
        } catch (MemoryBudgetException full) {
            throw full;
        } catch (IOException | RuntimeException broken) {
            bodyBroken.set(true);
            boolean tooLarge = broken instanceof RequestException refused
                    && refused.status().equals(Status.REQUEST_ENTITY_TOO_LARGE_413);
            throw ApiError.of(
                    RequestErrors.BAD_REQUEST, tooLarge ? BODY_TOO_LARGE : "The body ended early or is malformed.");
        }
    }

    /// Writes the errors of the library, such as too long headers, in the format of the API.
    private static DirectHandlers directHandlers(Pipeline pipeline) {
        DirectHandler handler = (request, type, status, headers, message) -> {
            // If the request line is malformed, this path includes the query.
            String path = path(request.path()).replaceFirst("\\?.*", "");
            Response result = pipeline.unreadable(
                    path,
                    status.equals(Status.REQUEST_ENTITY_TOO_LARGE_413)
                            ? BODY_TOO_LARGE
                            : "The request is not valid HTTP/1.1, or its headers are too long.");
            DirectHandler.TransportResponse.Builder response = DirectHandler.TransportResponse.builder()
                    .status(Status.create(result.status()))
                    .entity(result.body())
                    .keepAlive(false);
            writeHeaders(result, response::header);
            return response.build();
        };
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, handler);
        }
        return handlers.build();
    }
}
