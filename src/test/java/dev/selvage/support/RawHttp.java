package dev.selvage.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// Sends bytes over a socket, for requests that no HTTP client sends.
public final class RawHttp {

    private static final int TIMEOUT_MILLIS = 10_000;

    private RawHttp() {}

    /// Sends the bytes, then reads until the server closes the connection or sends nothing for 10 s.
    public static String send(String baseUrl, byte[] bytes) throws IOException {
        return send(baseUrl, bytes, TIMEOUT_MILLIS);
    }

    /// As [#send(String, byte[])], with a timeout in milliseconds.
    public static String send(String baseUrl, byte[] bytes, int timeoutMillis) throws IOException {
        URI uri = URI.create(baseUrl);
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(timeoutMillis);
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            try {
                socket.getOutputStream().write(bytes);
                socket.getOutputStream().flush();
                InputStream stream = socket.getInputStream();
                byte[] buffer = new byte[8192];
                for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                    received.write(buffer, 0, count);
                }
            } catch (SocketTimeoutException nothingMore) {
                // The bytes so far are the response.
            }
            return received.toString(StandardCharsets.UTF_8);
        }
    }

    /// Sends text in ISO 8859-1.
    public static String send(String baseUrl, String text) throws IOException {
        return send(baseUrl, text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
