package dev.sluice.proxy.e2e.policies;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.RawUpstream;
import dev.sluice.proxy.e2e.fixture.Shop;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.WireH2;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that fall silent on a route with {@code sluice.dev/stream-idle-timeout}, over real sockets. */
class IdleStreamsIT {
    private static final String ANNOTATED =
            "metadata: {name: shop, annotations: {sluice.dev/stream-idle-timeout: 300ms}}";

    private static final String UPGRADE =
            """
            GET / HTTP/1.1
            Host: a
            Connection: upgrade
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

            """
                    .replace("\n", "\r\n");

    private static final byte[] NO_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};

    private RawUpstream upstream;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        upstream = new RawUpstream(RawUpstream::answerAll);
        proxy = TestProxy.start(Shop.yaml(upstream.port()).replace("metadata: {name: shop}", ANNOTATED));
    }

    @AfterEach
    void stop() {
        proxy.close();
        upstream.close();
        assertEquals(List.of(), upstream.failures());
    }

    /** Takes a request and says {@code text}, and then nothing. */
    private void fallsSilentAfter(String text) {
        upstream.script((peer, number) -> {
            peer.next();
            peer.send(text);
            peer.readToEnd();
        });
    }

    private void assertUpstreamIsLeft() {
        await().until(() -> upstream.peer(0).isGone());
    }

    @Test
    void http1ClientsRead504AndTheirConnectionServesOn() throws Exception {
        fallsSilentAfter("");
        try (RawClient client = new RawClient(proxy.address(8080))) {
            RawClient.Answer answer =
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer();
            assertEquals(504, answer.status());
            assertEquals("STREAM_IDLE_TIMEOUT", answer.header("x-sluice-code"));
            assertEquals("stream timeout", answer.body());
            assertUpstreamIsLeft();
            upstream.script(RawUpstream::answerAll);
            // A busy machine may need all of the time for a whole answer.
            await().until(() -> client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                    .answer()
                    .body()
                    .equals("ok"));
        }
    }

    @Test
    void anUploadThatStopsHalfwayIs408() throws Exception {
        upstream.script((peer, number) -> peer.readToEnd());
        try (RawClient client = new RawClient(proxy.address(8080))) {
            RawClient.Answer answer = client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf")
                    .answer();
            assertEquals(408, answer.status());
            assertEquals("stream timeout", answer.body());
            assertUpstreamIsLeft();
        }
    }

    @Test
    void aBegunResponseNeverLooksComplete() throws Exception {
        fallsSilentAfter("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n");
        // A busy machine may need all of the time until the response begins: then it is a whole 504.
        await().until(() -> {
            try (RawClient client = new RawClient(proxy.address(8080))) {
                RawClient.Answer head =
                        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").headOnly();
                if (head.status() == 504) {
                    return false;
                }
                assertEquals(200, head.status());
                assertEquals("4\r\nhalf\r\n", client.rest());
                return true;
            }
        });
        await().until(() -> {
            try (WireH2 client = new WireH2(proxy.address(8080))) {
                List<String> lines =
                        client.get(1).readUntil(line -> line.endsWith(" END") || line.startsWith("RST_STREAM 1 "));
                if (lines.stream().anyMatch(line -> line.contains(" :status=504"))) {
                    return false;
                }
                assertTrue(lines.get(lines.size() - 1).startsWith("RST_STREAM 1 "), lines.toString());
                return true;
            }
        });
    }

    @Test
    void http2ClientsRead504() throws Exception {
        fallsSilentAfter("");
        try (WireH2 client = new WireH2(proxy.address(8080))) {
            String answer = client.get(1).answer(1);
            assertTrue(answer.startsWith("HEADERS 1 :status=504"), answer);
        }
    }

    @Test
    void aCallIsUnavailable() throws Exception {
        proxy.reload(Shop.yaml(upstream.port(), "HTTP2").replace("metadata: {name: shop}", ANNOTATED));
        upstream.script((peer, number) -> {
            peer.socket().getOutputStream().write(NO_SETTINGS);
            peer.readToEnd();
        });
        try (WireH2 client = new WireH2(proxy.address(8080))) {
            String call = client.post(1, "content-type", "application/grpc", "te", "trailers")
                    .data(1, true, "")
                    .answer(1);
            assertTrue(call.contains(" grpc-status=14"), call);
            assertTrue(call.contains(" x-sluice-code=STREAM_IDLE_TIMEOUT"), call);
        }
    }

    @Test
    void aTunnelInWhichNothingIsSaidEnds() throws Exception {
        upstream.script((peer, number) -> {
            peer.head();
            peer.send("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nhello");
            peer.readToEnd();
        });
        await().until(() -> {
            try (RawClient client = new RawClient(proxy.address(8080))) {
                int status = client.send(UPGRADE).headOnly().status();
                if (status == 504) {
                    return false; // the time was up before the tunnel was open
                }
                assertEquals(101, status);
                assertEquals("hello", client.rest());
                return true;
            }
        });
        assertUpstreamIsLeft();
    }
}
