package dev.sluice.proxy.e2e.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.RawUpstream;
import dev.sluice.proxy.e2e.fixture.Shop;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.Wire;
import dev.sluice.proxy.e2e.fixture.WireH2;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An upstream that keeps a ledger of the orders it ran. It runs a POST as soon as it has its head, so whatever breaks
 * afterwards, under the default policy the same order must not come again; what it provably did not run has to.
 */
class LedgerIT {
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int FRAME_HEAD = 9;

    private final Map<String, Integer> runs = new ConcurrentHashMap<>();
    private final AtomicInteger struck = new AtomicInteger();

    /** Where the first connection breaks, HTTP/1.1. */
    enum H1Failure {
        AFTER_CONNECT,
        MID_HEAD,
        MID_BODY,
        FIN_AFTER_BODY,
        RST_AFTER_BODY,
        FIN_ON_A_REUSED_CONNECTION,
        HALF_A_RESPONSE_HEAD,
        TIMEOUT
    }

    /** Where the first connection breaks, HTTP/2. */
    enum H2Failure {
        REFUSED_STREAM(true),
        GOAWAY_BELOW_THE_STREAM(true),
        GOAWAY_ABOVE_THE_STREAM(false),
        RST_STREAM(false),
        FIN(false);

        private final boolean notRun;

        H2Failure(boolean notRun) {
            this.notRun = notRun;
        }
    }

    @ParameterizedTest
    @EnumSource
    void overHttp1NoPostRunsTwice(H1Failure failure) throws Exception {
        try (RawUpstream upstream = new RawUpstream((peer, number) -> {
                    if (number == 0) {
                        fail(peer, failure);
                    } else {
                        serve(peer);
                    }
                });
                TestProxy proxy = TestProxy.start(Shop.yaml(upstream.port(), "HTTP", timeout(failure)));
                RawClient client = new RawClient(proxy.address(8080))) {
            if (failure == H1Failure.FIN_ON_A_REUSED_CONNECTION) {
                assertEquals(200, post(client, "earlier"));
            }
            int status = post(client, "order");
            assertEquals(1, struck.get(), "the failure came to pass");
            int ran = runs.getOrDefault("order", 0);
            switch (failure) {
                // Nothing of it may have been written yet: then it is sent again, and runs.
                case AFTER_CONNECT -> assertEquals(status == 200 ? 1 : 0, ran);
                case MID_HEAD -> {
                    assertEquals(503, status);
                    assertEquals(0, ran);
                }
                case TIMEOUT -> {
                    assertEquals(504, status);
                    assertEquals(1, ran);
                }
                default -> {
                    assertTrue(status == 502 || status == 503, "status " + status);
                    assertEquals(1, ran);
                }
            }
            assertEquals(List.of(), upstream.failures());
        }
    }

    @ParameterizedTest
    @EnumSource
    void overHttp2NoPostRunsTwiceAndARefusedOneRunsOnce(H2Failure failure) throws Exception {
        try (RawUpstream upstream = new RawUpstream((peer, number) -> serveFrames(peer, number == 0 ? failure : null));
                TestProxy proxy = TestProxy.start(Shop.yaml(upstream.port(), "HTTP2", ""));
                RawClient client = new RawClient(proxy.address(8080))) {
            int status = post(client, "order");
            assertEquals(1, struck.get(), "the failure came to pass");
            assertEquals(failure.notRun ? 200 : 503, status);
            assertEquals(1, runs.get("order"));
            assertEquals(List.of(), upstream.failures());
        }
    }

    @Test
    void aPostThatNobodyTookRunsElsewhereOnce() throws Exception {
        int closed;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = taken.getLocalPort();
        }
        try (RawUpstream upstream = new RawUpstream((peer, number) -> serve(peer));
                TestProxy proxy = TestProxy.start(Shop.yaml(upstream.port())
                        .replace("endpoints: [", "endpoints: [{address: 127.0.0.2, ports: {web: " + closed + "}}, "));
                RawClient client = new RawClient(proxy.address(8080))) {
            for (int i = 0; i < 40; i++) {
                assertEquals(200, post(client, "order" + i));
                assertEquals(1, runs.get("order" + i));
            }
        }
    }

    private static String timeout(H1Failure failure) {
        return failure == H1Failure.TIMEOUT ? "timeout: 1s," : "";
    }

    private static int post(RawClient client, String id) throws IOException {
        return client.send("POST / HTTP/1.1\r\nHost: a\r\nx-id: " + id + "\r\ncontent-length: 10\r\n\r\n0123456789")
                .answer()
                .status();
    }

    private void run(String id) {
        runs.merge(id, 1, Integer::sum);
    }

    private void serve(RawUpstream.Peer peer) throws IOException {
        while (peer.next()) {
            run(peer.last().header("x-id"));
            peer.send(OK);
        }
    }

    private void fail(RawUpstream.Peer peer, H1Failure failure) throws IOException {
        struck.incrementAndGet();
        switch (failure) {
            case AFTER_CONNECT -> peer.sendReset();
            case MID_HEAD -> {
                peer.read(10);
                peer.sendReset();
            }
            case MID_BODY -> {
                run(Wire.header(peer.head(), "x-id"));
                peer.read(5);
                peer.sendReset();
            }
            case FIN_AFTER_BODY -> take(peer);
            case RST_AFTER_BODY -> {
                take(peer);
                peer.sendReset();
            }
            case FIN_ON_A_REUSED_CONNECTION -> {
                take(peer);
                peer.send(OK);
                take(peer);
            }
            case HALF_A_RESPONSE_HEAD -> {
                take(peer);
                peer.send("HTTP/1.1 200 OK\r\ncontent-le");
            }
            case TIMEOUT -> {
                take(peer);
                peer.readToEnd();
            }
        }
    }

    private void take(RawUpstream.Peer peer) throws IOException {
        assertTrue(peer.next());
        run(peer.last().header("x-id"));
    }

    /** HTTP/2, one request after the other; the first request meets {@code failure}. */
    private void serveFrames(RawUpstream.Peer peer, @Nullable H2Failure failure) throws IOException {
        assertEquals(PREFACE, new String(peer.read(PREFACE.length()), StandardCharsets.ISO_8859_1));
        send(peer, WireH2.SETTINGS, 0, 0, Unpooled.EMPTY_BUFFER);
        DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 100_000);
        H2Failure next = failure;
        String id = "";
        while (true) {
            byte[] head = peer.read(FRAME_HEAD);
            if (head.length < FRAME_HEAD) {
                return;
            }
            ByteBuffer fields = ByteBuffer.wrap(head);
            int lengthAndType = fields.getInt();
            int flags = fields.get();
            int stream = fields.getInt();
            byte[] payload = peer.read(lengthAndType >>> 8);
            int type = lengthAndType & 0xff;
            if (type == WireH2.SETTINGS && (flags & 1) == 0) {
                send(peer, WireH2.SETTINGS, 1, 0, Unpooled.EMPTY_BUFFER);
            } else if (type == WireH2.HEADERS) {
                id = idOf(decoder, stream, payload);
            }
            if ((type == WireH2.HEADERS || type == WireH2.DATA) && (flags & WireH2.END_STREAM) != 0) {
                if (next != null) {
                    struck.incrementAndGet();
                    strike(peer, next, stream, id);
                    if (next != H2Failure.REFUSED_STREAM) {
                        return;
                    }
                    // The connection lives on, and the second try comes on it.
                    next = null;
                    continue;
                }
                run(id);
                int last = WireH2.END_HEADERS | WireH2.END_STREAM;
                send(peer, WireH2.HEADERS, last, stream, WireH2.block(":status", "200"));
            }
        }
    }

    private void strike(RawUpstream.Peer peer, H2Failure failure, int stream, String id) throws IOException {
        if (!failure.notRun) {
            run(id);
        }
        switch (failure) {
            case REFUSED_STREAM -> rst(peer, stream, Http2Error.REFUSED_STREAM);
            case RST_STREAM -> rst(peer, stream, Http2Error.CANCEL);
            case GOAWAY_BELOW_THE_STREAM -> goAway(peer, stream - 2);
            case GOAWAY_ABOVE_THE_STREAM -> goAway(peer, stream + 2);
            case FIN -> {
                return;
            }
        }
        if (failure == H2Failure.RST_STREAM || failure == H2Failure.GOAWAY_BELOW_THE_STREAM) {
            peer.readToEnd();
        }
    }

    private static void rst(RawUpstream.Peer peer, int stream, Http2Error code) throws IOException {
        send(peer, WireH2.RST_STREAM, 0, stream, Unpooled.buffer().writeInt((int) code.code()));
    }

    private static void goAway(RawUpstream.Peer peer, int last) throws IOException {
        send(
                peer,
                WireH2.GOAWAY,
                0,
                0,
                Unpooled.buffer().writeInt(Math.max(0, last)).writeInt(0));
    }

    private static void send(RawUpstream.Peer peer, int type, int flags, int stream, ByteBuf payload)
            throws IOException {
        peer.send(new String(WireH2.bytesOf(type, flags, stream, payload), StandardCharsets.ISO_8859_1));
    }

    private static String idOf(DefaultHttp2HeadersDecoder decoder, int stream, byte[] block) throws IOException {
        try {
            Http2Headers headers = decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block));
            return headers.get("x-id").toString();
        } catch (Http2Exception e) {
            throw new IOException("A broken header block", e);
        }
    }
}
