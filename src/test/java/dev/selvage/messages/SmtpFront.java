package dev.selvage.messages;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// What GreenMail cannot do: offer STARTTLS in front of it, or refuse as told.
final class SmtpFront implements AutoCloseable {

    private interface Conversation {
        void with(Socket client) throws IOException;
    }

    private final ServerSocket listener;
    private final AtomicInteger conversations = new AtomicInteger();

    private SmtpFront(Conversation conversation) throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket client = listener.accept();
                    conversations.incrementAndGet();
                    Thread.ofVirtual().start(() -> {
                        try (client) {
                            conversation.with(client);
                        } catch (IOException gone) {
                            // The client hung up.
                        }
                    });
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    /// Asks for STARTTLS, and passes what comes after the handshake on to the server at `port`.
    static SmtpFront startTls(int port, SSLContext context) throws IOException {
        return new SmtpFront(client -> {
            say(client, "220 front");
            // Byte by byte: what follows STARTTLS belongs to the handshake.
            InputStream in = client.getInputStream();
            while (true) {
                String line = line(in);
                if (line.startsWith("EHLO")) {
                    say(client, "250-front\r\n250 STARTTLS");
                } else if (line.equals("STARTTLS")) {
                    say(client, "220 go ahead");
                    break;
                } else {
                    say(client, "530 5.7.0 Must issue a STARTTLS command first");
                }
            }
            try (SSLSocket secure = (SSLSocket)
                            context.getSocketFactory().createSocket(client, "localhost", client.getPort(), true);
                    Socket behind = new Socket("127.0.0.1", port)) {
                secure.setUseClientMode(false);
                line(behind.getInputStream());
                Thread back = Thread.ofVirtual().start(() -> pass(behind, secure));
                pass(secure, behind);
                back.interrupt();
            }
        });
    }

    /// Answers each command line as told; what it is told nothing about, it takes. It asks for its greeting by
    /// `connect`, and for the reply to a whole message by `.`. As a real server it hangs up behind 421.
    static SmtpFront answering(UnaryOperator<String> replies) throws IOException {
        return new SmtpFront(client -> {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
            String line = "connect";
            while (line != null) {
                String reply = replies.apply(line);
                boolean message = reply == null && line.equals("DATA");
                say(
                        client,
                        reply != null
                                ? reply
                                : message ? "354 go ahead" : line.equals("connect") ? "220 front" : "250 ok");
                if (reply != null && reply.startsWith("421")) {
                    return;
                }
                line = in.readLine();
                while (message && line != null && !line.equals(".")) {
                    line = in.readLine();
                }
            }
        });
    }

    int port() {
        return listener.getLocalPort();
    }

    /// How many connections came.
    int conversations() {
        return conversations.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private static void say(Socket client, String reply) throws IOException {
        client.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        client.getOutputStream().flush();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int character = in.read(); character != '\n'; character = in.read()) {
            if (character < 0) {
                throw new IOException("hung up");
            }
            line.append((char) character);
        }
        return line.toString().strip();
    }

    private static void pass(Socket from, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int count = from.getInputStream().read(buffer);
                    count >= 0;
                    count = from.getInputStream().read(buffer)) {
                out.write(buffer, 0, count);
                out.flush();
            }
            to.shutdownOutput();
        } catch (IOException gone) {
            // One side hung up.
        }
    }
}
