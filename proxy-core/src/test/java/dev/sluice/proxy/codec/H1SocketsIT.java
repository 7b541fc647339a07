package dev.sluice.proxy.codec;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.proxy.codec.http1.WebSocketHandshake;
import dev.sluice.proxy.upstream.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What only a kernel shows: half-closed and reset connections, full buffers. On each transport that runs here. */
class H1SocketsIT {
    private static final int MIB = 1024 * 1024;
    private static final int HALF_MIB = MIB / 2;
    private static final int SMALL_BUFFER = 32 * 1024;
    /** Buffers of both directions, read-ahead and write marks included. */
    private static final long FLAT = 2 * MIB;

    @Nested
    class OnNio extends Rules {
        OnNio() throws Exception {
            super(Transport.Kind.NIO);
        }
    }

    @Nested
    class OnEpoll extends Rules {
        OnEpoll() throws Exception {
            super(Transport.Kind.EPOLL);
        }
    }

    /** The same for every transport. */
    abstract static class Rules {
        private final ServerSocket listener = listen();
        private final RelayProxy proxy;
        private final Socket client;
        private Socket upstream;

        Rules(Transport.Kind kind) throws Exception {
            Transport transport = Transport.start(kind, 1);
            proxy = new RelayProxy(transport, listener.getLocalPort());
            client = connect(proxy);
            assumeTrue(transport.kind() == kind, () -> kind + " does not load here");
        }

        @AfterEach
        void close() throws Exception {
            client.close();
            if (upstream != null) {
                upstream.close();
            }
            listener.close();
            proxy.close();
        }

        @Test
        void requestAndResponsePass() throws Exception {
            send(client, "GET /a HTTP/1.1\r\nHost: shop\r\n\r\n");
            accept();
            assertEquals("GET /a HTTP/1.1\r\nhost: shop\r\n\r\n", readHead(upstream));
            send(upstream, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
            assertTrue(readHead(client).startsWith("HTTP/1.1 200 OK\r\n"));
            assertEquals("ok", read(client, 2));
        }

        @Test
        void aClientThatHalfClosesAndReadsSlowlyGetsAllOfItsResponse() throws Exception {
            send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.shutdownOutput();
            accept();
            readHead(upstream);
            send(upstream, "HTTP/1.1 200 OK\r\ncontent-length: " + 12L * MIB + "\r\n\r\n");
            CompletableFuture<Void> download =
                    CompletableFuture.runAsync(() -> pour(upstream, 12L * MIB, new AtomicLong()));
            awaitStandstill(proxy);
            readHead(client);
            drain(client, 12L * MIB, proxy);
            download.get(20, TimeUnit.SECONDS);
        }

        @Test
        void anUploadToAnUpstreamThatDoesNotReadHoldsLittle() throws Exception {
            long size = 256L * MIB;
            send(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n");
            AtomicLong sent = new AtomicLong();
            CompletableFuture<Void> upload = CompletableFuture.runAsync(() -> pour(client, size, sent));
            accept();
            readHead(upstream);
            awaitStandstill(sent);
            assertTrue(sent.get() < size / 2, sent + " sent");
            assertTrue(proxy.heldBytes() < FLAT, proxy.heldBytes() + " held");
            drain(upstream, size, proxy);
            upload.get(20, TimeUnit.SECONDS);
        }

        @Test
        void aDownloadToAClientThatDoesNotReadHoldsLittle() throws Exception {
            long size = 256L * MIB;
            send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            accept();
            readHead(upstream);
            send(upstream, "HTTP/1.1 200 OK\r\ncontent-length: " + size + "\r\n\r\n");
            AtomicLong sent = new AtomicLong();
            CompletableFuture<Void> download = CompletableFuture.runAsync(() -> pour(upstream, size, sent));
            awaitStandstill(sent);
            assertTrue(sent.get() < size / 2, sent + " sent");
            assertTrue(proxy.heldBytes() < FLAT, proxy.heldBytes() + " held");
            readHead(client);
            drain(client, size, proxy);
            download.get(20, TimeUnit.SECONDS);
        }

        @Test
        void aClientThatResetsCancelsTheUpstreamAtOnce() throws Exception {
            send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            accept();
            readHead(upstream);
            client.setSoLinger(true, 0);
            client.close();
            upstream.setSoTimeout(5_000);
            assertEquals(-1, endOf(upstream));
        }

        @Test
        void aClientThatResetsInsideAnUploadCancelsTheUpstream() throws Exception {
            send(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nsome");
            accept();
            readHead(upstream);
            read(upstream, 4);
            client.setSoLinger(true, 0);
            client.close();
            upstream.setSoTimeout(5_000);
            assertEquals(-1, endOf(upstream));
        }

        @Test
        void aClientThatHalfClosesStillGetsItsResponse() throws Exception {
            send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.shutdownOutput();
            accept();
            readHead(upstream);
            send(upstream, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
            readHead(client);
            assertEquals("hello", read(client, 5));
            assertEquals(-1, client.getInputStream().read());
        }

        @Test
        void aResponseWhoseUpstreamIsGoneBeforeASlowClientHasReadItArrivesWhole() throws Exception {
            send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            accept();
            readHead(upstream);
            send(upstream, "HTTP/1.1 200 OK\r\ncontent-length: " + HALF_MIB + "\r\n\r\n");
            pour(upstream, HALF_MIB, new AtomicLong());
            upstream.close();
            awaitStandstill(proxy);
            readHead(client);
            drain(client, HALF_MIB, proxy);
        }

        @Test
        void aResponseThatEndsWithItsConnectionArrivesWholeToo() throws Exception {
            send(client, "GET / HTTP/1.0\r\nHost: a\r\n\r\n");
            accept();
            readHead(upstream);
            send(upstream, "HTTP/1.0 200 OK\r\n\r\n");
            pour(upstream, HALF_MIB, new AtomicLong());
            upstream.close();
            awaitStandstill(proxy);
            readHead(client);
            drain(client, HALF_MIB, proxy);
            assertEquals(-1, client.getInputStream().read());
        }

        @Test
        void anUploadWhoseClientHalfClosesBeforeASlowUpstreamHasReadItArrivesWhole() throws Exception {
            send(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + HALF_MIB + "\r\n\r\n");
            pour(client, HALF_MIB, new AtomicLong());
            client.shutdownOutput();
            accept();
            awaitStandstill(proxy);
            readHead(upstream);
            drain(upstream, HALF_MIB, proxy);
            send(upstream, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
            readHead(client);
            assertEquals("ok", read(client, 2));
        }

        @Test
        void anEarlyResponseIsReadByAClientThatIsStillUploading() throws Exception {
            long size = 64L * MIB;
            send(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n");
            CompletableFuture<Void> upload = CompletableFuture.runAsync(() -> pourWhilePossible(client, size));
            accept();
            readHead(upstream);
            read(upstream, MIB);
            send(upstream, "HTTP/1.1 413 Content Too Large\r\ncontent-length: 4\r\nconnection: close\r\n\r\nstop");
            upstream.close();
            String head = readHead(client);
            assertTrue(head.startsWith("HTTP/1.1 413 "), head);
            assertTrue(head.contains("connection: close\r\n"), head);
            assertEquals("stop", read(client, 4));
            client.close();
            upload.get(20, TimeUnit.SECONDS);
        }

        @Test
        void anUpstreamThatResetsInsideAChunkedBodyShowsTheClientNoEnd() throws Exception {
            send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            accept();
            readHead(upstream);
            send(upstream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\npart\r\n");
            readHead(client);
            assertEquals("4\r\npart\r\n", read(client, 9));
            upstream.setSoLinger(true, 0);
            upstream.close();
            assertEquals(-1, endOf(client));
        }

        @Test
        void aBodyWithoutFramingThatIsCutShortEndsInAReset() throws Exception {
            send(client, "GET / HTTP/1.0\r\nHost: a\r\n\r\n");
            accept();
            readHead(upstream);
            send(upstream, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\npart");
            // An HTTP/1.0 client gets a length where there is one: the cut shows. Without one only a reset shows it.
            String head = readHead(client);
            assertTrue(head.contains("content-length: 100\r\n"), head);
            client.close();
            upstream.close();
            try (Socket second = connect(proxy)) {
                send(second, "GET / HTTP/1.0\r\nHost: a\r\n\r\n");
                accept();
                readHead(upstream);
                send(upstream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\npart\r\n");
                readHead(second);
                assertEquals("part", read(second, 4));
                upstream.close();
                assertThrows(
                        SocketException.class, () -> second.getInputStream().read());
            }
        }

        @Test
        void aTunnelKeepsOneHalfWhenTheOtherEnds() throws Exception {
            tunnel();
            client.shutdownOutput();
            assertEquals(-1, upstream.getInputStream().read());
            AtomicLong sent = new AtomicLong();
            CompletableFuture<Void> rest = CompletableFuture.runAsync(() -> pour(upstream, 12L * MIB, sent));
            drain(client, 12L * MIB, proxy);
            rest.get(20, TimeUnit.SECONDS);
            upstream.shutdownOutput();
            assertEquals(-1, client.getInputStream().read());
        }

        @Test
        void aTunnelKeepsTheClientsHalfWhenTheUpstreamsEnds() throws Exception {
            tunnel();
            upstream.shutdownOutput();
            assertEquals(-1, client.getInputStream().read());
            AtomicLong sent = new AtomicLong();
            CompletableFuture<Void> rest = CompletableFuture.runAsync(() -> pour(client, 12L * MIB, sent));
            drain(upstream, 12L * MIB, proxy);
            rest.get(20, TimeUnit.SECONDS);
            client.shutdownOutput();
            assertEquals(-1, upstream.getInputStream().read());
        }

        @Test
        void aResetInATunnelPassesAsAReset() throws Exception {
            tunnel();
            client.setSoLinger(true, 0);
            client.close();
            assertThrows(SocketException.class, () -> upstream.getInputStream().read());
        }

        @Test
        void aRefusedRequestWithALotBehindItIsStillAnswered() throws Exception {
            send(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n" + "x".repeat(40_000));
            assertTrue(readHead(client).startsWith("HTTP/1.1 400 "));
            assertEquals(-1, client.getInputStream().read());
        }

        private void tunnel() throws IOException {
            send(client, "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nfirst");
            accept();
            String head = readHead(upstream);
            assertFalse(head.contains("first"));
            send(
                    upstream,
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                            .concat(accepted(head) + "\r\nback"));
            assertTrue(readHead(client).startsWith("HTTP/1.1 101 "));
            assertEquals("back", read(client, 4));
            assertEquals("first", read(upstream, 5));
        }

        /** The request had no key, so the codec made one up. */
        private static String accepted(String head) {
            String key = H1Server.line(head, "sec-websocket-key").substring(19).trim();
            return "Sec-WebSocket-Accept: " + WebSocketHandshake.accept(key) + "\r\n";
        }

        private void accept() throws IOException {
            upstream = listener.accept();
            upstream.setSoTimeout(20_000);
        }
    }

    private static Socket connect(RelayProxy proxy) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SMALL_BUFFER);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()));
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static ServerSocket listen() {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReceiveBufferSize(SMALL_BUFFER);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            socket.setSoTimeout(20_000);
            return socket;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String readHead(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new AssertionError("closed after " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static String read(Socket socket, int length) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(length);
        assertEquals(length, bytes.length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** -1 when the peer closed or reset the connection. */
    private static int endOf(Socket socket) throws IOException {
        try {
            int next = socket.getInputStream().read();
            return next;
        } catch (SocketException reset) {
            return -1;
        }
    }

    private static void pour(Socket socket, long size, AtomicLong sent) {
        byte[] piece = new byte[64 * 1024];
        try {
            OutputStream out = socket.getOutputStream();
            for (long left = size; left > 0; left -= piece.length) {
                out.write(piece, 0, (int) Math.min(left, piece.length));
                sent.addAndGet(piece.length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Uploads until the connection is closed, as a client does that has read its answer. */
    private static void pourWhilePossible(Socket socket, long size) {
        try {
            pour(socket, size, new AtomicLong());
        } catch (UncheckedIOException closed) {
            assertTrue(closed.getCause() instanceof SocketException, closed.toString());
        }
    }

    /** Reads all of {@code size}; what the proxy holds stays small meanwhile. */
    private static void drain(Socket socket, long size, RelayProxy proxy) throws IOException {
        byte[] piece = new byte[256 * 1024];
        InputStream in = socket.getInputStream();
        long most = 0;
        for (long left = size; left > 0; ) {
            int count = in.read(piece, 0, (int) Math.min(left, piece.length));
            if (count < 0) {
                throw new AssertionError("closed with " + left + " bytes to come");
            }
            left -= count;
            most = Math.max(most, proxy.heldBytes());
        }
        assertTrue(most < FLAT, most + " held");
    }

    /** Nothing moves through the proxy any more. */
    private static void awaitStandstill(RelayProxy proxy) {
        await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(20)).until(() -> proxy.heldBytes() > 0);
    }

    private static void awaitStandstill(AtomicLong counter) {
        long[] seen = {-1};
        await().pollInterval(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    boolean still = counter.get() == seen[0] && seen[0] > 0;
                    seen[0] = counter.get();
                    return still;
                });
    }
}
