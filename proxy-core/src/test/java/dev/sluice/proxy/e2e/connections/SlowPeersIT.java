package dev.sluice.proxy.e2e.connections;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.Aside;
import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.RawUpstream;
import dev.sluice.proxy.e2e.fixture.Shop;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.WireH2;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies far larger than what may be buffered, towards peers that do not read: the proxy's memory stays flat. */
class SlowPeersIT {
    private static final long MIB = 1024 * 1024;
    private static final long SIZE = 256 * MIB;
    /** What the kernel's buffers on both sides of the proxy take. */
    private static final long KERNEL = 64 * MIB;
    /** What the proxy may hold, in whole chunks of the allocator. */
    private static final long FLAT = 16 * MIB;

    private static final byte[] NO_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};

    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private final AtomicLong sent = new AtomicLong();
    private RawUpstream upstream;
    private TestProxy proxy;
    private long before;

    @BeforeEach
    void start() throws Exception {
        upstream = new RawUpstream(RawUpstream::answerAll);
        before = used();
    }

    @AfterEach
    void stop() {
        mayGoOn.countDown();
        proxy.close();
        upstream.close();
        assertEquals(List.of(), upstream.failures());
    }

    @Test
    void anUploadFromHttp1WaitsForAnHttp1UpstreamThatDoesNotRead() throws Exception {
        proxy = TestProxy.start(Shop.yaml(upstream.port()));
        takesTheBodyLater();
        try (RawClient client = new RawClient(proxy.address(8080))) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + SIZE + "\r\n\r\n");
            CompletableFuture<Void> upload = Aside.run(() -> pour(client.socket()));
            assertStandsStill();
            mayGoOn.countDown();
            assertEquals("ok", client.answer().body());
            upload.get(60, TimeUnit.SECONDS);
            assertFlat();
        }
    }

    @Test
    void aClientThatResetsItsUploadIsMissedAlthoughNobodyTakesWhatItSent() throws Exception {
        proxy = TestProxy.start(Shop.yaml(upstream.port()));
        upstream.script((peer, number) -> {
            peer.head();
            hold();
            peer.readToEnd();
        });
        try (RawClient client = new RawClient(proxy.address(8080))) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + SIZE + "\r\n\r\n");
            CompletableFuture<Void> upload = Aside.run(() -> pour(client.socket()));
            assertStandsStill();
            client.socket().setSoLinger(true, 0);
            client.socket().close();
            upload.get(60, TimeUnit.SECONDS);
        }
        await().until(() -> proxy.proxy().listeners().connections() == 0);
        mayGoOn.countDown();
        await().until(() -> upstream.peer(0).isGone());
    }

    @Test
    void aDownloadFromHttp1WaitsForAnHttp1ClientThatDoesNotRead() throws Exception {
        proxy = TestProxy.start(Shop.yaml(upstream.port()));
        sendsMuch();
        try (RawClient client = new RawClient(proxy.address(8080))) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertStandsStill();
            assertEquals(Long.toString(SIZE), client.headOnly().header("content-length"));
            client.discard(SIZE);
            assertFlat();
        }
    }

    @Test
    void aDownloadFromHttp1WaitsForAnHttp2ClientThatOpensNoWindow() throws Exception {
        proxy = TestProxy.start(Shop.yaml(upstream.port()));
        sendsMuch();
        try (WireH2 client = new WireH2(proxy.address(8080))) {
            client.get(1);
            assertStandsStill();
        }
        await().until(() -> upstream.peer(0).isGone());
    }

    @Test
    void anUploadFromHttp1WaitsForAnHttp2UpstreamThatOpensNoWindow() throws Exception {
        proxy = TestProxy.start(Shop.yaml(upstream.port(), "HTTP2"));
        upstream.script((peer, number) -> {
            peer.socket().getOutputStream().write(NO_SETTINGS);
            peer.readToEnd();
        });
        try (RawClient client = new RawClient(proxy.address(8080))) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + SIZE + "\r\n\r\n");
            CompletableFuture<Void> upload = Aside.run(() -> pour(client.socket()));
            assertStandsStill();
            int window = 65_535;
            await().until(() -> upstream.received().length() >= window);
            int received = upstream.received().length();
            assertTrue(received < window + 4_096, received + " sent upstream");
            client.socket().close();
            upload.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void anUploadFromHttp2WaitsForAnHttp1UpstreamThatDoesNotRead() throws Exception {
        proxy = TestProxy.start(Shop.yaml(upstream.port()));
        takesTheBodyLater();
        try (WireH2 client = new WireH2(proxy.address(8080))) {
            client.post(1, "content-length", Long.toString(SIZE));
            CompletableFuture<Void> upload = Aside.run(() -> pour(client));
            assertStandsStill();
            mayGoOn.countDown();
            upload.get(60, TimeUnit.SECONDS);
            assertTrue(client.answer(1).contains(":status=200"));
            assertFlat();
        }
    }

    private void takesTheBodyLater() {
        upstream.script((peer, number) -> {
            peer.head();
            hold();
            peer.discard(SIZE);
            peer.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
            peer.readToEnd();
        });
    }

    private void sendsMuch() {
        upstream.script((peer, number) -> {
            peer.head();
            peer.send("HTTP/1.1 200 OK\r\ncontent-length: " + SIZE + "\r\n\r\n");
            pour(peer.socket());
            peer.readToEnd();
        });
    }

    private void hold() {
        try {
            assertTrue(mayGoOn.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Until the body is sent or the other side goes. */
    private void pour(Socket socket) {
        byte[] piece = new byte[64 * 1024];
        try {
            OutputStream out = socket.getOutputStream();
            for (long left = SIZE; left > 0; left -= piece.length) {
                out.write(piece);
                sent.addAndGet(piece.length);
            }
        } catch (SocketException gone) {
            sent.addAndGet(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the windows allow, which begin with 65,535 bytes each. */
    private void pour(WireH2 client) {
        String piece = "x".repeat(16_384);
        long[] windows = {65_535, 65_535};
        try {
            for (long left = SIZE; left > 0; left -= piece.length()) {
                while (Math.min(windows[0], windows[1]) < piece.length()) {
                    List<String> lines = client.readUntil(line -> line.startsWith("WINDOW_UPDATE"));
                    String[] words = lines.get(lines.size() - 1).split(" ", -1);
                    windows[Integer.parseInt(words[1])] += Long.parseLong(words[2]);
                }
                client.data(1, left == piece.length(), piece);
                windows[0] -= piece.length();
                windows[1] -= piece.length();
                sent.addAndGet(piece.length());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertStandsStill() {
        long[] seen = {-1};
        await().pollInterval(Duration.ofMillis(300)).until(() -> {
            boolean still = sent.get() > 0 && sent.get() == seen[0];
            seen[0] = sent.get();
            return still;
        });
        assertTrue(sent.get() < KERNEL, sent + " bytes taken from a sender whose reader does not read");
        assertFlat();
    }

    /** Chunks are given back late, so what was held at the worst moment still shows. */
    private void assertFlat() {
        assertTrue(used() - before < FLAT, used() - before + " bytes held");
    }

    private static long used() {
        ByteBufAllocatorMetric metric = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
        return metric.usedDirectMemory() + metric.usedHeapMemory();
    }
}
