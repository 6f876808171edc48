package dev.selvage.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a chunked body (RFC 9112, 7.1). The library's decoder refuses extensions that the RFC allows, and
/// accepts trailers that continue on a second line. Extensions and trailers are checked and dropped, because no
/// call reads one.
final class ChunkDecoder {

    private static final Pattern SIZE =
            Pattern.compile("([0-9A-Fa-f]{1,8})[ \\t]*(?:;[^\\x00-\\x08\\x0a-\\x1f\\x7f]*)?");
    private static final Pattern TRAILER = Pattern.compile("[^\\s:]+:[^\\x00-\\x08\\x0a-\\x1f\\x7f]*");

    private enum Part {
        SIZE,
        DATA,
        END_OF_DATA,
        TRAILERS
    }

    private Part part = Part.SIZE;
    private long left;
    private int trailerBytes;

    /// The next part of the body: bytes of a chunk, or the end; null if more bytes are needed.
    ///
    /// @throws IllegalArgumentException if the body is malformed
    @Nullable
    HttpContent next(ByteBuf in) {
        while (in.isReadable()) {
            if (part == Part.DATA) {
                ByteBuf bytes = in.readRetainedSlice((int) Math.min(left, in.readableBytes()));
                left -= bytes.readableBytes();
                part = left > 0 ? Part.DATA : Part.END_OF_DATA;
                return new DefaultHttpContent(bytes);
            }
            String line = line(in);
            if (line == null) {
                return null;
            }
            switch (part) {
                case SIZE -> {
                    Matcher size = SIZE.matcher(line);
                    check(size.matches());
                    left = Long.parseLong(size.group(1), 16);
                    check(left <= Server.BODY_BYTES_MAX);
                    part = left > 0 ? Part.DATA : Part.TRAILERS;
                }
                case END_OF_DATA -> {
                    check(line.isEmpty());
                    part = Part.SIZE;
                }
                default -> {
                    if (line.isEmpty()) {
                        return LastHttpContent.EMPTY_LAST_CONTENT;
                    }
                    trailerBytes += line.length() + 2;
                    check(trailerBytes <= Server.HEADER_BYTES_MAX
                            && TRAILER.matcher(line).matches());
                }
            }
        }
        return null;
    }

    /// The next line without its end; null if it has not arrived.
    private @Nullable String line(ByteBuf in) {
        int end = in.indexOf(in.readerIndex(), in.writerIndex(), HttpConstants.LF);
        int length = (end < 0 ? in.writerIndex() : end) - in.readerIndex();
        // A chunk that no line end follows is refused at the first wrong byte.
        check(length <= (part == Part.END_OF_DATA ? 1 : Server.HEADER_BYTES_MAX));
        if (end < 0) {
            return null;
        }
        String line =
                in.readCharSequence(length + 1, StandardCharsets.ISO_8859_1).toString();
        check(line.endsWith("\r\n"));
        return line.substring(0, length - 1);
    }

    private static void check(boolean wellFormed) {
        if (!wellFormed) {
            throw new IllegalArgumentException("malformed chunks");
        }
    }
}
