package dev.selvage.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The limit of all HTTP calls: the web server of Selvage with the configuration of `http/Server`. It reads the
/// request and responds with a fixed body: `/1234` returns 1,234 bytes. Its argument is the port.
final class BareServer {

    private static final int HEADER_BYTES_MAX = 32 << 10;
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final int LOOPS_MIN = 2;
    private static final int LOOPS_MAX = 4;
    private static final Map<String, byte[]> RESPONSES = new ConcurrentHashMap<>();

    private BareServer() {}

    public static void main(String[] arguments) throws InterruptedException {
        new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(
                        Math.clamp(Runtime.getRuntime().availableProcessors(), LOOPS_MIN, LOOPS_MAX),
                        NioIoHandler.newFactory()))
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpRequestDecoder(new HttpDecoderConfig()
                                                .setMaxInitialLineLength(HEADER_BYTES_MAX)
                                                .setMaxHeaderSize(HEADER_BYTES_MAX)
                                                .setStrictLineParsing(true)),
                                        new HttpObjectAggregator(BODY_BYTES_MAX),
                                        new Responder());
                    }
                })
                .bind("127.0.0.1", Integer.parseInt(arguments[0]))
                .sync();
    }

    private static final class Responder extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            byte[] response = RESPONSES.computeIfAbsent(request.uri(), BareServer::response);
            ByteBuf out = context.alloc().buffer(response.length).writeBytes(response);
            context.writeAndFlush(out, context.voidPromise());
        }
    }

    /// Headers and body in one buffer, as `http/ResponseWriter` writes them.
    private static byte[] response(String path) {
        int length = Math.min(Integer.parseInt(path.substring(1)), BODY_BYTES_MAX);
        byte[] headers = ("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] response = Arrays.copyOf(headers, headers.length + length);
        Arrays.fill(response, headers.length, response.length, (byte) 'x');
        return response;
    }
}
