package dev.selvage.http;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Times;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Date;
import java.util.Map;

/// Writes a [Response] as HTTP/1.1, headers and body in one buffer.
final class ResponseWriter {

    /// A larger body is not copied; the socket takes it beside the headers, in one system call.
    private static final int COPIED_BYTES_MAX = 16 << 10;
    private static final int HEADER_BYTES = 512;

    private final ClockAndRandom clock;
    private volatile HttpDate date = new HttpDate(-1, "");

    ResponseWriter(ClockAndRandom clock) {
        this.clock = clock;
    }

    /// The header `Date` of one second.
    private record HttpDate(long second, String text) {}

    /// @param head whether the request was `HEAD`, whose response has no body
    /// @param last whether the connection ends after the response
    ByteBuf write(Response response, boolean head, boolean last, ByteBufAllocator buffers) {
        byte[] body = response.body();
        boolean copied = !head && body.length <= COPIED_BYTES_MAX;
        ByteBuf out = buffers.buffer(HEADER_BYTES + (copied ? body.length : 0));
        ascii(out, "HTTP/1.1 ");
        ascii(out, HttpResponseStatus.valueOf(response.status()).toString());
        header(out, "Date", date());
        header(out, "Connection", last ? "close" : "keep-alive");
        if (response.status() != HttpResponseStatus.NO_CONTENT.code()) {
            header(out, "Content-Type", response.contentType());
            header(out, "Content-Length", Integer.toString(body.length));
        }
        if (!response.headers().containsKey("Cache-Control")) {
            header(out, "Cache-Control", "no-store");
        }
        for (Map.Entry<String, String> each : response.headers().entrySet()) {
            header(out, each.getKey(), each.getValue());
        }
        ascii(out, "\r\n\r\n");
        if (copied) {
            return out.writeBytes(body);
        }
        return head ? out : Unpooled.wrappedBuffer(out, Unpooled.wrappedBuffer(body));
    }

    private static void header(ByteBuf out, String name, String value) {
        ascii(out, "\r\n");
        ascii(out, name);
        ascii(out, ": ");
        ascii(out, value);
    }

    /// A control character would end a header, so it is replaced, like every character outside of ASCII.
    private static void ascii(ByteBuf out, String text) {
        ByteBufUtil.writeAscii(out, text);
    }

    private String date() {
        long second = clock.millis() / Times.SECOND_MILLIS;
        HttpDate known = date;
        if (known.second != second) {
            known = new HttpDate(second, DateFormatter.format(new Date(second * Times.SECOND_MILLIS)));
            date = known;
        }
        return known.text;
    }
}
