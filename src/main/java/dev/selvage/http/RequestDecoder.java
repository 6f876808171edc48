package dev.selvage.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;

/// The library's decoder of HTTP/1.0 and 1.1, in its strict configuration and with further rules: a request
/// line has exactly two spaces, no empty line precedes it, and a header has one line. The library accepts more,
/// as RFC 9112 allows, and other servers read some of that in another way, which allows request smuggling.
///
/// A malformed request or body arrives as a message whose result is a failure, and everything after it is
/// discarded.
final class RequestDecoder extends HttpRequestDecoder {

    /// A method in any case, because the library's clients have always been able to send `get`.
    private static final Pattern REQUEST_LINE =
            Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^\\x00-\\x20\\x7f]+ HTTP/1\\.[01]\r");
    private static final int CONTENT_BYTES = 64 << 10;

    private enum Part {
        REQUEST_LINE,
        HEADERS,
        BODY,
        CHUNKS,
        REFUSED
    }

    private final IntConsumer received;
    private Part part = Part.REQUEST_LINE;
    private ChunkDecoder chunks = new ChunkDecoder();
    private String target = "";

    /// @param received gets the number of bytes of each read
    RequestDecoder(IntConsumer received) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(Server.HEADER_BYTES_MAX)
                .setMaxHeaderSize(Server.HEADER_BYTES_MAX)
                .setMaxChunkSize(CONTENT_BYTES)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true));
        this.received = received;
    }

    /// Discards everything from now on.
    void discard() {
        part = Part.REFUSED;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof ByteBuf bytes) {
            received.accept(bytes.readableBytes());
        }
        super.channelRead(context, message);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        switch (part) {
            case REFUSED -> in.skipBytes(in.readableBytes());
            case CHUNKS -> decodeChunks(in, out);
            case BODY -> super.decode(context, in, out);
            case REQUEST_LINE, HEADERS -> {
                if (in.isReadable() && !isStrict(in)) {
                    in.skipBytes(in.readableBytes());
                    out.add(createInvalidMessage());
                } else {
                    super.decode(context, in, out);
                }
            }
        }
        if (!out.isEmpty()) {
            part = partAfter((HttpObject) out.getLast());
        }
    }

    private void decodeChunks(ByteBuf in, List<Object> out) {
        HttpContent content;
        try {
            content = chunks.next(in);
        } catch (IllegalArgumentException malformed) {
            in.skipBytes(in.readableBytes());
            content = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
            content.setDecoderResult(DecoderResult.failure(malformed));
        }
        if (content != null) {
            out.add(content);
        }
        if (content instanceof LastHttpContent) {
            // The library would read chunks itself.
            reset();
            chunks = new ChunkDecoder();
        }
    }

    private Part partAfter(HttpObject decoded) {
        if (decoded.decoderResult().isFailure()) {
            return Part.REFUSED;
        }
        if (decoded instanceof LastHttpContent) {
            return Part.REQUEST_LINE;
        }
        return decoded instanceof HttpRequest request
                ? HttpUtil.isTransferEncodingChunked(request) ? Part.CHUNKS : Part.BODY
                : part;
    }

    /// The target of the last request, as far as it is known. It can be malformed.
    String target() {
        return target;
    }

    @Override
    protected HttpMessage createInvalidMessage() {
        DefaultFullHttpRequest refused = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        refused.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("malformed request")));
        return refused;
    }

    /// Whether the bytes fulfil the additional rules. They begin with a whole line or a part of one.
    private boolean isStrict(ByteBuf in) {
        int from = in.readerIndex();
        int end = in.writerIndex();
        if (part == Part.REQUEST_LINE) {
            target = "";
            int lineEnd = in.indexOf(from, end, HttpConstants.LF);
            if (lineEnd < 0) {
                // A TLS handshake may have no line end, and its client waits for an answer.
                return in.getByte(from) > ' ';
            }
            String line = in.toString(from, lineEnd - from, StandardCharsets.ISO_8859_1);
            String[] words = line.split(" ", 3);
            target = words.length > 1 ? words[1].strip() : "";
            if (!REQUEST_LINE.matcher(line).matches()) {
                return false;
            }
            part = Part.HEADERS;
            from = lineEnd + 1;
        }
        while (from < end && in.getByte(from) != HttpConstants.CR) {
            if (in.getByte(from) == HttpConstants.SP || in.getByte(from) == HttpConstants.HT) {
                return false;
            }
            int lineEnd = in.indexOf(from, end, HttpConstants.LF);
            from = lineEnd < 0 ? end : lineEnd + 1;
        }
        return true;
    }
}
