package dev.selvage.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.DirectHandler;
import io.helidon.http.RequestException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Supplier;

/// Reads the bytes of a client for the HTTP code of the library, and corrects two faults of it. The library
/// refuses request lines that the servers in front of it let through, and accepts chunks that RFC 9112 does not
/// allow.
///
/// - Characters of a request line that URLs of browsers and mails contain unescaped (`|`, `[`, a lone `%`,
///   UTF-8) are percent-encoded.
/// - Chunk extensions and trailers are skipped (RFC 9112, 7.1.1 and 7.1.2). A chunk size consists of
///   hexadecimal digits, and a line break follows the chunk.
final class RequestReader extends DataReader {

    private static final int CHUNK_SIZE_DIGITS_MAX = 8;
    private static final boolean[] UNESCAPED = new boolean[128];

    static {
        // The characters of RFC 3986, 2.2 and 2.3, and the separators of a request line. Control characters are
        // refused later.
        for (char c = 0; c < UNESCAPED.length; c++) {
            UNESCAPED[c] =
                    c <= ' ' || c == 0x7f || Character.isLetterOrDigit(c) || "-._~!$&'()*+,;=:@/?#".indexOf(c) >= 0;
        }
    }

    private boolean lastChunk;
    private boolean inChunk;
    private boolean afterChunk;

    /// Creates a reader.
    ///
    /// @param bytes supplies the next bytes from the client; null at the end of the stream
    @SuppressWarnings("removal")
    RequestReader(Supplier<byte[]> bytes) {
        super(bytes);
    }

    /// The next bytes, escaped. The library reads only the request line and the value of `Connection` this way.
    @Override
    public byte[] readBytes(int length) {
        return escaped(super.readBytes(length));
    }

    private static byte[] escaped(byte[] line) {
        for (int i = 0; i < line.length; i++) {
            if (!isUnescaped(line, i)) {
                return escaped(line, i);
            }
        }
        return line;
    }

    private static byte[] escaped(byte[] line, int first) {
        ByteArrayOutputStream escaped = new ByteArrayOutputStream(line.length * 3);
        escaped.write(line, 0, first);
        for (int i = first; i < line.length; i++) {
            if (isUnescaped(line, i)) {
                escaped.write(line[i]);
            } else {
                escaped.write('%');
                escaped.writeBytes(
                        HexFormat.of().withUpperCase().toHexDigits(line[i]).getBytes(StandardCharsets.US_ASCII));
            }
        }
        return escaped.toByteArray();
    }

    private static boolean isUnescaped(byte[] line, int i) {
        if (line[i] == '%') {
            return i + 2 < line.length && HexFormat.isHexDigit(line[i + 1]) && HexFormat.isHexDigit(line[i + 2]);
        }
        return line[i] >= 0 && UNESCAPED[line[i]];
    }

    /// The size of the next chunk, or the empty line after the last one. The library reads only these lines
    /// this way.
    ///
    /// @throws RequestException if the line is malformed
    @Override
    public String readLine() {
        if (lastChunk) {
            lastChunk = false;
            skipTrailers();
            return "";
        }
        String line = line(Server.HEADER_BYTES_MAX);
        int digits = 0;
        while (digits < line.length() && HexFormat.isHexDigit(line.charAt(digits))) {
            digits++;
        }
        String rest = line.substring(digits).stripLeading();
        if (digits == 0
                || digits > CHUNK_SIZE_DIGITS_MAX
                || !rest.isEmpty() && rest.charAt(0) != ';'
                || containsControl(rest)) {
            throw malformed("The size of a chunk is malformed");
        }
        String size = line.substring(0, digits);
        lastChunk = size.chars().allMatch(digit -> digit == '0');
        inChunk = !lastChunk;
        return size;
    }

    private void skipTrailers() {
        int left = Server.HEADER_BYTES_MAX;
        for (String line = line(left); !line.isEmpty(); line = line(left)) {
            int colon = line.indexOf(':');
            if (colon < 1
                    || line.substring(0, colon).chars().anyMatch(Character::isWhitespace)
                    || containsControl(line)) {
                throw malformed("A trailer is malformed");
            }
            left -= line.length() + 2;
        }
    }

    private String line(int max) {
        int length = findNewLine(max);
        if (length >= max) {
            throw malformed("A line between chunks is too long");
        }
        String line = readAsciiString(length);
        super.skip(2);
        return line;
    }

    private static boolean containsControl(String text) {
        return text.chars().anyMatch(c -> c != '\t' && Character.isISOControl(c));
    }

    /// The next bytes of a body.
    @Override
    public BufferData readBuffer(int length) {
        BufferData data = getBuffer(length);
        super.skip(length);
        afterChunk = inChunk;
        inChunk = false;
        return data;
    }

    @Override
    public void skip(int length) {
        if (afterChunk) {
            afterChunk = false;
            if (!startsWithNewLine()) {
                throw malformed("No line break after a chunk");
            }
        }
        super.skip(length);
    }

    private static RequestException malformed(String problem) {
        return RequestException.builder()
                .type(DirectHandler.EventType.BAD_REQUEST)
                .message(problem)
                .setKeepAlive(false)
                .build();
    }
}
