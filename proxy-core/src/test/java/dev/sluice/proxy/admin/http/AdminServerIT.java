package dev.sluice.proxy.admin.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Everything that a client of the admin port may take is bounded. */
class AdminServerIT {
    private static final long EXCHANGE_MILLIS = 200;
    private static final BindAddress ANYWHERE = new BindAddress("127.0.0.1", 0);
    private static final List<Page> PAGES = List.of(
            Page.read("/a", "", query -> Answer.text("a")),
            Page.read("/b", "", query -> Answer.text("b")),
            Page.read("/fails", "", query -> {
                throw new IllegalStateException("on purpose");
            }));

    private AdminServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    private void start(int connections, long exchangeMillis) throws IOException {
        server = AdminServer.bind(ANYWHERE, null, PAGES, new AdminServer.Bounds(connections, exchangeMillis));
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    private static String until(Socket socket, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (text.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new AssertionError("closed after: " + text);
            }
            text.append((char) next);
        }
        return text.toString();
    }

    @Test
    void aConnectionServesManyRequestsInOrderAlsoPipelined() throws IOException {
        start(8, 10_000);
        try (Socket socket = connect()) {
            send(socket, get("/a"));
            assertTrue(until(socket, "\r\n\r\na").startsWith("HTTP/1.1 200"));
            send(socket, get("/b") + get("/a") + get("/b"));
            until(socket, "\r\n\r\nb");
            until(socket, "\r\n\r\na");
            until(socket, "\r\n\r\nb");
        }
    }

    @Test
    void aRequestThatTheProxySentOnIsRefusedAndThePortGoesOn() throws IOException {
        start(8, 10_000);
        try (Socket socket = connect()) {
            send(socket, "GET /a HTTP/1.1\r\nHost: localhost\r\nx-sluice-hop: 4742ce0344fa9dad\r\n\r\n");
            assertTrue(until(socket, "sent on by the proxy").startsWith("HTTP/1.1 403"));
            send(socket, get("/a"));
            until(socket, "\r\n\r\na");
        }
    }

    @Test
    void aFailingPageIsOurFaultAndThePortGoesOn() throws IOException {
        start(8, 10_000);
        try (Socket socket = connect()) {
            send(socket, get("/fails"));
            assertTrue(until(socket, "says how\n").startsWith("HTTP/1.1 500"));
            send(socket, get("/a"));
            until(socket, "\r\n\r\na");
        }
    }

    @Test
    void oneConnectionTooManyIsClosedAtOnce() throws IOException {
        start(2, 10_000);
        try (Socket first = connect();
                Socket second = connect()) {
            send(first, get("/a"));
            until(first, "\r\n\r\na");
            send(second, get("/a"));
            until(second, "\r\n\r\na");
            try (Socket third = connect()) {
                assertEquals(-1, third.getInputStream().read());
            }
            send(first, get("/b"));
            until(first, "\r\n\r\nb");
        }
    }

    @Test
    void aRequestThatDoesNotComeInTimeLosesItsConnection() throws IOException {
        start(2, 200);
        try (Socket socket = connect()) {
            send(socket, "GET /a HTTP/1.1\r\nHo");
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    @Test
    void theClockStartsAgainWithEachAnswer() throws IOException {
        start(2, EXCHANGE_MILLIS);
        Awaitility.await().until(this::asksThreeTimesAsLong);
        try (Socket socket = connect()) {
            send(socket, get("/a"));
            until(socket, "\r\n\r\na");
            assertEquals(-1, socket.getInputStream().read(), "an idle one is closed too");
        }
    }

    /** Whether one connection was served that long; false where this thread stood still, which may cost it its connection. */
    private boolean asksThreeTimesAsLong() throws IOException {
        long pauseNanos = TimeUnit.MILLISECONDS.toNanos(EXCHANGE_MILLIS) / 3;
        long longestNanos = 0;
        try (Socket socket = connect()) {
            long startNanos = System.nanoTime();
            long lastNanos = startNanos;
            while (lastNanos - startNanos < 9 * pauseNanos) {
                try {
                    send(socket, get("/a"));
                    until(socket, "\r\n\r\na");
                } catch (IOException | AssertionError closed) {
                    if (System.nanoTime() - lastNanos > pauseNanos || longestNanos > pauseNanos) {
                        return false;
                    }
                    throw closed;
                }
                long nowNanos = System.nanoTime();
                longestNanos = Math.max(longestNanos, nowNanos - lastNanos);
                lastNanos = nowNanos;
            }
        }
        return true;
    }
}
