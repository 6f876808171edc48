package dev.selvage.bench;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The limit of every HTTP call: the web server of Selvage, configured as in `http/Server`, which reads the
/// request and returns a fixed body. `/1234` returns 1,234 bytes. Its argument is the port.
final class BareServer {

    private static final int HEADER_BYTES_MAX = 16 << 10;
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final Map<String, byte[]> BODIES = new ConcurrentHashMap<>();

    private BareServer() {}

    public static void main(String[] arguments) {
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(arguments[0]))
                .connectionOptions(socket -> socket.tcpNoDelay(true))
                .protocolsDiscoverServices(false)
                .addConnectionSelector(Http1ConnectionSelector.builder()
                        .config(Http1Config.builder()
                                .maxPrologueLength(HEADER_BYTES_MAX)
                                .maxHeadersSize(HEADER_BYTES_MAX)
                                .validatePath(false)
                                .build())
                        .build())
                .routing(HttpRouting.builder().any(BareServer::answer))
                .build()
                .start();
    }

    private static void answer(ServerRequest request, ServerResponse response) {
        if (request.content().hasEntity()) {
            try (InputStream body = request.content().inputStream()) {
                body.readNBytes(BODY_BYTES_MAX + 1);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.send(BODIES.computeIfAbsent(request.path().rawPath(), BareServer::body));
    }

    private static byte[] body(String path) {
        byte[] body = new byte[Math.min(Integer.parseInt(path.substring(1)), BODY_BYTES_MAX)];
        Arrays.fill(body, (byte) 'x');
        return body;
    }
}
