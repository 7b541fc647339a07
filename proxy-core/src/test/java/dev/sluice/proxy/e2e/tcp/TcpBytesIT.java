package dev.sluice.proxy.e2e.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.proxy.Aside;
import dev.sluice.proxy.e2e.fixture.Streams;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.upstream.Transport;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** That bytes, ends and resets go through a relay as they came (spec/reliability.md B47), and that it holds few of them. */
@ParameterizedClass
@EnumSource(names = {"AUTO", "IO_URING"})
class TcpBytesIT {
    @Parameter
    private Transport.Kind transport;

    private static final long MIB = 1024 * 1024;
    private static final long LARGE = 100 * MIB;

    private final List<AutoCloseable> open = new ArrayList<>();
    private ServerSocket server;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        proxy = TestProxy.start(Streams.yaml(server.getLocalPort()), transport);
        assumeTrue(
                transport == Transport.Kind.AUTO || proxy.proxy().transport().kind() == transport,
                () -> transport + " does not load here");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable part : open) {
            part.close();
        }
        proxy.close();
        server.close();
    }

    /** Two ends of a relay. */
    private record Ends(Socket client, Socket upstream) {}

    private Ends connect() throws IOException {
        Socket client = Streams.connect(proxy.address(9000));
        open.add(client);
        Socket upstream = server.accept();
        upstream.setSoTimeout(60_000);
        open.add(upstream);
        return new Ends(client, upstream);
    }

    private ErrorCode whyEnded() {
        Awaitility.await().until(() -> !proxy.streams().isEmpty());
        var error = proxy.streams().get(0).error();
        return error == null ? null : error.code();
    }

    @Test
    void afterTheClientsEndTheUpstreamGoesOn() throws Exception {
        Ends ends = connect();
        Streams.send(ends.client(), "question");
        ends.client().shutdownOutput();
        assertEquals("question", Streams.readAll(ends.upstream()));
        CompletableFuture<Streams.Drained> drained = draining(ends.client());
        long sum = Streams.pour(ends.upstream().getOutputStream(), 10 * MIB, 1);
        ends.upstream().shutdownOutput();
        assertEquals(new Streams.Drained(10 * MIB, sum), drained.get(60, TimeUnit.SECONDS));
        assertEquals(null, whyEnded());
    }

    @Test
    void afterTheUpstreamsEndTheClientGoesOn() throws Exception {
        Ends ends = connect();
        Streams.send(ends.upstream(), "greeting");
        ends.upstream().shutdownOutput();
        assertEquals("greeting", Streams.readAll(ends.client()));
        CompletableFuture<Streams.Drained> drained = draining(ends.upstream());
        long sum = Streams.pour(ends.client().getOutputStream(), 10 * MIB, 2);
        ends.client().shutdownOutput();
        assertEquals(new Streams.Drained(10 * MIB, sum), drained.get(60, TimeUnit.SECONDS));
        assertEquals(null, whyEnded());
    }

    @Test
    void aResetOfTheClientResetsTheUpstream() throws Exception {
        Ends ends = connect();
        Streams.send(ends.client(), "x");
        assertEquals("x", Streams.read(ends.upstream(), 1));
        ends.client().setSoLinger(true, 0);
        ends.client().close();
        assertReset(ends.upstream());
        assertEquals(ErrorCode.CLIENT_GONE, whyEnded());
    }

    @Test
    void aResetOfTheUpstreamResetsTheClient() throws Exception {
        Ends ends = connect();
        Streams.send(ends.upstream(), "x");
        assertEquals("x", Streams.read(ends.client(), 1));
        ends.upstream().setSoLinger(true, 0);
        ends.upstream().close();
        assertReset(ends.client());
        assertEquals(ErrorCode.UPSTREAM_CLOSED, whyEnded());
    }

    @Test
    void aResetOfTheClientResetsAnUpstreamThatReadsNothing() throws Exception {
        try (SocketChannel client = SocketChannel.open(proxy.address(9000))) {
            open.add(server.accept());
            client.configureBlocking(false);
            ByteBuffer piece = ByteBuffer.allocate(64 * 1024);
            long[] stillSince = {System.nanoTime()};
            // Until neither the relay nor the kernel takes more.
            Awaitility.await().until(() -> {
                while (client.write(piece.clear()) > 0) {
                    stillSince[0] = System.nanoTime();
                }
                return System.nanoTime() - stillSince[0] > TimeUnit.SECONDS.toNanos(1);
            });
            client.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        assertEquals(ErrorCode.CLIENT_GONE, whyEnded());
    }

    @Test
    void aResetAfterAnEndGoesThroughToo() throws Exception {
        Ends ends = connect();
        ends.client().shutdownOutput();
        assertEquals("", Streams.readAll(ends.upstream()));
        ends.upstream().setSoLinger(true, 0);
        ends.upstream().close();
        assertReset(ends.client());
    }

    private static void assertReset(Socket socket) {
        SocketException thrown = assertThrows(
                SocketException.class, () -> socket.getInputStream().read());
        assertTrue(String.valueOf(thrown.getMessage()).contains("reset"), thrown.toString());
    }

    @Test
    void aLargeTransferEachWayArrivesWholeWithLittleHeld() throws Exception {
        Ends ends = connect();
        long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        CompletableFuture<Streams.Drained> up = draining(ends.upstream());
        CompletableFuture<Streams.Drained> down = draining(ends.client());
        CompletableFuture<Long> pouring = Aside.supply(() -> pour(ends.upstream(), 4));
        long upSum = pour(ends.client(), 3);
        long downSum = pouring.get(120, TimeUnit.SECONDS);
        assertEquals(new Streams.Drained(LARGE, upSum), up.get(120, TimeUnit.SECONDS));
        assertEquals(new Streams.Drained(LARGE, downSum), down.get(120, TimeUnit.SECONDS));
        long grown = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before;
        assertTrue(grown <= 32 * MIB, "the pool grew by " + grown + " bytes");
        assertEquals(null, whyEnded());
        assertEquals(LARGE, proxy.streams().get(0).receivedBytes());
        assertEquals(LARGE, proxy.streams().get(0).sentBytes());
    }

    private static long pour(Socket socket, long seed) {
        try {
            long sum = Streams.pour(socket.getOutputStream(), LARGE, seed);
            socket.shutdownOutput();
            return sum;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static CompletableFuture<Streams.Drained> draining(Socket socket) {
        return Aside.supply(() -> {
            try {
                return Streams.drain(socket.getInputStream());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aPeerThatDoesNotReadStopsTheOther() throws Exception {
        try (SocketChannel client = SocketChannel.open(proxy.address(9000));
                Socket upstream = server.accept()) {
            client.configureBlocking(false);
            ByteBuffer piece = ByteBuffer.allocate(64 * 1024);
            long[] written = new long[1];
            // Nothing has been taken for a while: every buffer on the way is full.
            Awaitility.await().during(1, TimeUnit.SECONDS).until(() -> {
                long before = written[0];
                for (int n = client.write(piece.clear()); n > 0; n = client.write(piece.clear())) {
                    written[0] += n;
                    assertTrue(written[0] < 256 * MIB, "nobody stops the client");
                }
                return written[0] == before;
            });
            long taken = 0;
            byte[] into = new byte[64 * 1024];
            client.shutdownOutput();
            for (int n = upstream.getInputStream().read(into);
                    n >= 0;
                    n = upstream.getInputStream().read(into)) {
                taken += n;
            }
            assertEquals(written[0], taken);
        }
    }
}
