package dev.selvage.support;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An HTTP/1.1 client that keeps its connection until the server closes it, and never sends a call twice. A
/// call without a response has failed.
public final class KeptConnection implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 60_000;
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
    private static final Pattern ENDS = Pattern.compile("(?i)\r\nconnection: *close");

    private final int port;
    private final String authorization;
    private Socket socket;
    private InputStream in;

    public KeptConnection(int port, String authorization) {
        this.port = port;
        this.authorization = authorization;
    }

    /// A response.
    public record Answer(int status, String body) {}

    /// Posts JSON.
    ///
    /// @throws IOException if the response is missing or incomplete
    public Answer post(String path, String json) throws IOException {
        if (socket == null) {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        }
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream()
                .write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + authorization
                                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n"
                                + json)
                        .getBytes(StandardCharsets.UTF_8));
        String head = head();
        Matcher length = LENGTH.matcher(head);
        byte[] answer = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
        if (ENDS.matcher(head).find()) {
            close();
        }
        return new Answer(Integer.parseInt(head.substring(9, 12)), new String(answer, StandardCharsets.UTF_8));
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("The connection ended after " + head.length() + " bytes of the answer's head");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
