package dev.sluice.proxy.codec.http1.connection;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.proxy.Aside;
import dev.sluice.proxy.codec.http1.WebSocketHandshake;
import dev.sluice.proxy.upstream.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
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

    @Nested
    class OnIoUring extends Rules {
        OnIoUring() throws Exception {
            super(Transport.Kind.IO_URING);
        }
    }

    /** The same for every transport. */
    abstract static class Rules {
        private final Transport.Kind kind;
        private final ServerSocket listener = Sockets.listen();
        private final RelayProxy proxy;
        private final Socket client;
        private Socket upstream;

        Rules(Transport.Kind kind) throws Exception {
            this.kind = kind;
            Transport transport = Transport.start(kind, 1);
            proxy = new RelayProxy(transport, listener.getLocalPort());
            client = Sockets.connect(proxy.port());
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
            Sockets.send(client, "GET /a HTTP/1.1\r\nHost: shop\r\n\r\n");
            accept();
            assertEquals("GET /a HTTP/1.1\r\nhost: shop\r\n\r\n", Sockets.readHead(upstream));
            Sockets.send(upstream, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
            assertTrue(Sockets.readHead(client).startsWith("HTTP/1.1 200 OK\r\n"));
            assertEquals("ok", Sockets.read(client, 2));
        }

        @Test
        void aClientThatHalfClosesAndReadsSlowlyGetsAllOfItsResponse() throws Exception {
            Sockets.send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.shutdownOutput();
            accept();
            Sockets.readHead(upstream);
            Sockets.send(upstream, "HTTP/1.1 200 OK\r\ncontent-length: " + 12L * MIB + "\r\n\r\n");
            CompletableFuture<Void> download = Aside.run(() -> Sockets.pour(upstream, 12L * MIB, new AtomicLong()));
            awaitStandstill(proxy);
            Sockets.readHead(client);
            drain(client, 12L * MIB, proxy);
            download.get(60, TimeUnit.SECONDS);
        }

        @Test
        void anUploadToAnUpstreamThatDoesNotReadHoldsLittle() throws Exception {
            long size = 256L * MIB;
            Sockets.send(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n");
            AtomicLong sent = new AtomicLong();
            CompletableFuture<Void> upload = Aside.run(() -> Sockets.pour(client, size, sent));
            accept();
            Sockets.readHead(upstream);
            awaitStandstill(sent);
            assertTrue(sent.get() < size / 2, sent + " sent");
            assertTrue(proxy.heldBytes() < FLAT, proxy.heldBytes() + " held");
            drain(upstream, size, proxy);
            upload.get(60, TimeUnit.SECONDS);
        }

        @Test
        void aDownloadToAClientThatDoesNotReadHoldsLittle() throws Exception {
            long size = 256L * MIB;
            Sockets.send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            accept();
            Sockets.readHead(upstream);
            Sockets.send(upstream, "HTTP/1.1 200 OK\r\ncontent-length: " + size + "\r\n\r\n");
            AtomicLong sent = new AtomicLong();
            CompletableFuture<Void> download = Aside.run(() -> Sockets.pour(upstream, size, sent));
            awaitStandstill(sent);
            assertTrue(sent.get() < size / 2, sent + " sent");
            assertTrue(proxy.heldBytes() < FLAT, proxy.heldBytes() + " held");
            Sockets.readHead(client);
            drain(client, size, proxy);
            download.get(60, TimeUnit.SECONDS);
        }

        @Test
        void aClientThatResetsCancelsTheUpstreamAtOnce() throws Exception {
            Sockets.send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            accept();
            Sockets.readHead(upstream);
            client.setSoLinger(true, 0);
            client.close();
            upstream.setSoTimeout(60_000);
            assertEquals(-1, Sockets.endOf(upstream));
        }

        @Test
        void aClientThatResetsInsideAnUploadCancelsTheUpstream() throws Exception {
            Sockets.send(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nsome");
            accept();
            Sockets.readHead(upstream);
            Sockets.read(upstream, 4);
            client.setSoLinger(true, 0);
            client.close();
            upstream.setSoTimeout(60_000);
            assertEquals(-1, Sockets.endOf(upstream));
        }

        @Test
        void aClientThatHalfClosesAndIsGoneLaterCancelsTheUpstream() throws Exception {
            assumeTrue(kind != Transport.Kind.NIO, "NIO learns of a reset by reading only");
            Sockets.send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            accept();
            Sockets.readHead(upstream);
            client.shutdownOutput();
            // What comes after it tells that the proxy knows of the end.
            Sockets.send(upstream, "HTTP/1.1 103 Early Hints\r\n\r\n");
            Sockets.readHead(client);
            client.setSoLinger(true, 0);
            client.close();
            assertEquals(-1, Sockets.endOf(upstream));
        }

        @Test
        void aClientThatHalfClosesStillGetsItsResponse() throws Exception {
            Sockets.send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.shutdownOutput();
            accept();
            Sockets.readHead(upstream);
            Sockets.send(upstream, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
            Sockets.readHead(client);
            assertEquals("hello", Sockets.read(client, 5));
            assertEquals(-1, client.getInputStream().read());
        }

        @Test
        void aResponseWhoseUpstreamIsGoneBeforeASlowClientHasReadItArrivesWhole() throws Exception {
            Sockets.send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            accept();
            Sockets.readHead(upstream);
            Sockets.send(upstream, "HTTP/1.1 200 OK\r\ncontent-length: " + HALF_MIB + "\r\n\r\n");
            Sockets.pour(upstream, HALF_MIB, new AtomicLong());
            upstream.close();
            awaitStandstill(proxy);
            Sockets.readHead(client);
            drain(client, HALF_MIB, proxy);
        }

        @Test
        void aResponseThatEndsWithItsConnectionArrivesWholeToo() throws Exception {
            Sockets.send(client, "GET / HTTP/1.0\r\nHost: a\r\n\r\n");
            accept();
            Sockets.readHead(upstream);
            Sockets.send(upstream, "HTTP/1.0 200 OK\r\n\r\n");
            Sockets.pour(upstream, HALF_MIB, new AtomicLong());
            upstream.close();
            awaitStandstill(proxy);
            Sockets.readHead(client);
            drain(client, HALF_MIB, proxy);
            assertEquals(-1, client.getInputStream().read());
        }

        @Test
        void anUploadWhoseClientHalfClosesBeforeASlowUpstreamHasReadItArrivesWhole() throws Exception {
            Sockets.send(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + HALF_MIB + "\r\n\r\n");
            Sockets.pour(client, HALF_MIB, new AtomicLong());
            client.shutdownOutput();
            accept();
            awaitStandstill(proxy);
            Sockets.readHead(upstream);
            drain(upstream, HALF_MIB, proxy);
            Sockets.send(upstream, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
            Sockets.readHead(client);
            assertEquals("ok", Sockets.read(client, 2));
        }

        @Test
        void anEarlyResponseIsReadByAClientThatIsStillUploading() throws Exception {
            long size = 64L * MIB;
            Sockets.send(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n");
            CompletableFuture<Void> upload = Aside.run(() -> Sockets.pourWhilePossible(client, size));
            accept();
            Sockets.readHead(upstream);
            Sockets.read(upstream, MIB);
            Sockets.send(
                    upstream, "HTTP/1.1 413 Content Too Large\r\ncontent-length: 4\r\nconnection: close\r\n\r\nstop");
            upstream.close();
            String head = Sockets.readHead(client);
            assertTrue(head.startsWith("HTTP/1.1 413 "), head);
            assertTrue(head.contains("connection: close\r\n"), head);
            assertEquals("stop", Sockets.read(client, 4));
            client.close();
            upload.get(60, TimeUnit.SECONDS);
        }

        @Test
        void anUpstreamThatResetsInsideAChunkedBodyShowsTheClientNoEnd() throws Exception {
            Sockets.send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            accept();
            Sockets.readHead(upstream);
            Sockets.send(upstream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\npart\r\n");
            Sockets.readHead(client);
            assertEquals("4\r\npart\r\n", Sockets.read(client, 9));
            upstream.setSoLinger(true, 0);
            upstream.close();
            assertEquals(-1, Sockets.endOf(client));
        }

        @Test
        void aBodyWithoutFramingThatIsCutShortEndsInAReset() throws Exception {
            Sockets.send(client, "GET / HTTP/1.0\r\nHost: a\r\n\r\n");
            accept();
            Sockets.readHead(upstream);
            Sockets.send(upstream, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\npart");
            // An HTTP/1.0 client gets a length where there is one: the cut shows. Without one only a reset shows it.
            String head = Sockets.readHead(client);
            assertTrue(head.contains("content-length: 100\r\n"), head);
            client.close();
            upstream.close();
            try (Socket second = Sockets.connect(proxy.port())) {
                Sockets.send(second, "GET / HTTP/1.0\r\nHost: a\r\n\r\n");
                accept();
                Sockets.readHead(upstream);
                Sockets.send(upstream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\npart\r\n");
                Sockets.readHead(second);
                assertEquals("part", Sockets.read(second, 4));
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
            CompletableFuture<Void> rest = Aside.run(() -> Sockets.pour(upstream, 12L * MIB, sent));
            drain(client, 12L * MIB, proxy);
            rest.get(60, TimeUnit.SECONDS);
            upstream.shutdownOutput();
            assertEquals(-1, client.getInputStream().read());
        }

        @Test
        void aTunnelKeepsTheClientsHalfWhenTheUpstreamsEnds() throws Exception {
            tunnel();
            upstream.shutdownOutput();
            assertEquals(-1, client.getInputStream().read());
            AtomicLong sent = new AtomicLong();
            CompletableFuture<Void> rest = Aside.run(() -> Sockets.pour(client, 12L * MIB, sent));
            drain(upstream, 12L * MIB, proxy);
            rest.get(60, TimeUnit.SECONDS);
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
            Sockets.send(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n" + "x".repeat(40_000));
            assertTrue(Sockets.readHead(client).startsWith("HTTP/1.1 400 "));
            assertEquals(-1, client.getInputStream().read());
        }

        private void tunnel() throws IOException {
            Sockets.send(client, "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nfirst");
            accept();
            String head = Sockets.readHead(upstream);
            assertFalse(head.contains("first"));
            Sockets.send(
                    upstream,
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                            .concat(accepted(head) + "\r\nback"));
            assertTrue(Sockets.readHead(client).startsWith("HTTP/1.1 101 "));
            assertEquals("back", Sockets.read(client, 4));
            assertEquals("first", Sockets.read(upstream, 5));
        }

        /** The request had no key, so the codec made one up. */
        private static String accepted(String head) {
            String key = H1Server.line(head, "sec-websocket-key").substring(19).trim();
            return "Sec-WebSocket-Accept: " + WebSocketHandshake.accept(key) + "\r\n";
        }

        private void accept() throws IOException {
            upstream = listener.accept();
            upstream.setSoTimeout(60_000);
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
        await().pollInterval(Duration.ofMillis(300)).until(() -> {
            boolean still = counter.get() == seen[0] && seen[0] > 0;
            seen[0] = counter.get();
            return still;
        });
    }
}
