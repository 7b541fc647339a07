package dev.sluice.proxy.e2e.protocol;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.RawGateway;
import dev.sluice.proxy.e2e.fixture.RawUpstream;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.Wire;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How well-formed messages pass a gateway, by the items of spec/reliability.md B2 and B3; malformed ones are in {@code
 * HostileRequestsIT}.
 */
class Http1RulesIT {
    private RawUpstream upstream;
    private TestProxy proxy;
    private RawClient client;

    @BeforeEach
    void start() throws Exception {
        upstream = new RawUpstream(RawUpstream::answerAll);
        proxy = RawGateway.start(upstream.port());
        client = new RawClient(proxy.address(8080));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        proxy.close();
        upstream.close();
        assertEquals(List.of(), upstream.failures());
    }

    @Test
    void b22TrailersPassToThoseWhoTakeThemButForThoseThatMayNotBeTrailers() throws Exception {
        upstream.script((peer, number) -> {
            peer.next();
            peer.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n"
                    .concat("2\r\nok\r\n0\r\nX-Sum: 1\r\nSet-Cookie: evil\r\n\r\n"));
            peer.readToEnd();
        });
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\nTransfer-Encoding: chunked\r\n\r\n"
                .concat("2\r\nxy\r\n0\r\nX-T: 1\r\nContent-Length: 9\r\nAuthorization: evil\r\n\r\n"));
        String head = client.headOnly().head();
        assertTrue(head.contains("trailer: x-sum\r\n"), head);
        assertEquals("2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n", client.read("2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n".length()));
        assertTrue(upstream.received().endsWith("2\r\nxy\r\n0\r\nX-T: 1\r\n\r\n"), upstream::received);
    }

    @Test
    void b24PipelinedRequestsAreAnsweredInOrder() throws Exception {
        upstream.script((peer, number) -> {
            while (peer.next()) {
                String path = peer.last().head().substring(4, 6);
                peer.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n" + path);
            }
        });
        client.send(
                "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals("/1", client.answer().body());
        assertEquals("/2", client.answer().body());
        assertEquals("/3", client.answer().body());
    }

    @Test
    void b26AContinueIsRelayedOnce() throws Exception {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        assertEquals(100, client.answer().status());
        client.send("xy");
        assertEquals("ok", client.answer().body());
        assertEquals("xy", upstream.requests().get(0).body());
    }

    @Test
    void b26AFinalAnswerInsteadOfAContinueIsRelayedAndTheConnectionClosed() throws Exception {
        upstream.script((peer, number) -> {
            peer.head();
            peer.send("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
            peer.readToEnd();
        });
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\nExpect: 100-continue\r\n\r\n");
        RawClient.Answer answer = client.answer();
        assertEquals(403, answer.status());
        assertEquals("close", answer.header("connection"));
        await().until(() -> upstream.peer(0).isGone());
    }

    @Test
    void b29ADateIsAddedWhereTheUpstreamGivesNone() throws Exception {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertNotNull(client.answer().header("date"));
    }

    @Test
    void b30AnHttp10ClientGetsABodyWithoutChunks() throws Exception {
        upstream.script((peer, number) -> {
            peer.next();
            peer.send("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n");
            peer.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
            peer.readToEnd();
        });
        client.send("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
        RawClient.Answer answer = client.answer();
        assertEquals(200, answer.status());
        assertNull(answer.header("transfer-encoding"));
        assertNull(answer.header("content-length"));
        assertEquals("ok", answer.body());
    }

    @Test
    void b30AnHttp10UpstreamIsReadToItsEndAndNotReused() throws Exception {
        upstream.script((peer, number) -> {
            peer.next();
            peer.send("HTTP/1.0 200 OK\r\n\r\nold");
        });
        for (int i = 1; i <= 2; i++) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            RawClient.Answer answer = client.answer();
            assertEquals("chunked", answer.header("transfer-encoding"));
            assertEquals("old", answer.body());
            assertEquals(i, upstream.connections());
        }
    }

    @Test
    void b31HeadAndStatusesWithoutBodyKeepTheConnection() throws Exception {
        upstream.script((peer, number) -> {
            while (peer.next()) {
                String head = peer.last().head();
                String path = head.substring(head.indexOf('/'), head.indexOf(" HTTP/"));
                peer.send(
                        switch (path) {
                            case "/head" -> "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n";
                            case "/204" -> "HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n";
                            case "/304" -> "HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n";
                            default -> "HTTP/1.1 205 Reset Content\r\ncontent-length: 3\r\n\r\nbad";
                        });
            }
        });
        client.send("HEAD /head HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals("5", client.headOnly().header("content-length"));
        client.send("GET /204 HTTP/1.1\r\nHost: a\r\n\r\n");
        RawClient.Answer none = client.answer();
        assertEquals(204, none.status());
        assertNull(none.header("content-length"));
        client.send("GET /304 HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals(304, client.answer().status());
        client.send("GET /205 HTTP/1.1\r\nHost: a\r\n\r\n");
        RawClient.Answer reset = client.answer();
        assertEquals(205, reset.status());
        assertEquals("", reset.body());
        client.send("HEAD /head HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals(200, client.headOnly().status());
    }

    @Test
    void b32InterimResponsesAreRelayedAndTooManyAre502() throws Exception {
        upstream.script((peer, number) -> {
            peer.next();
            peer.send("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
            peer.next();
            peer.send("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(40) + "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
            peer.readToEnd();
        });
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawClient.Answer hint = client.answer();
        assertEquals(103, hint.status());
        assertEquals("</a>", hint.header("link"));
        assertEquals("ok", client.answer().body());
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawClient.Answer answer = client.answer();
        int interim = 0;
        while (answer.status() == 103) {
            interim++;
            answer = client.answer();
        }
        assertTrue(interim <= 32, interim + " of 40 relayed");
        assertEquals(502, answer.status());
        await().until(() -> upstream.peer(0).isGone());
    }

    @Test
    void b33ATunnelCarriesBothDirectionsFromTheFirstByteAndEachHalfByItself() throws Exception {
        upstream.script((peer, number) -> {
            String head = peer.head();
            assertEquals("websocket", Wire.header(head, "upgrade"));
            peer.send("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
                    .concat("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nhello"));
            String all = Wire.text(peer.read("first second".length()));
            peer.readToEnd();
            peer.send("after the end: " + all);
        });
        client.send("GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                .concat("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\nfirst "));
        RawClient.Answer switched = client.headOnly();
        assertEquals(101, switched.status());
        assertEquals("websocket", switched.header("upgrade"));
        assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", switched.header("sec-websocket-accept"));
        assertEquals("hello", client.read(5));
        client.send("second");
        Socket socket = client.socket();
        socket.shutdownOutput();
        assertEquals("after the end: first second", client.rest());
    }

    @Test
    void b33AnUpgradeThatIsDeclinedIsAnOrdinaryAnswer() throws Exception {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        assertEquals("ok", client.answer().body());
        client.close();
        assertFalse(upstream.requests().isEmpty());
    }

    @Test
    void b33ASwitchThatNobodyAskedForIs502() throws Exception {
        upstream.script((peer, number) -> {
            peer.next();
            peer.send("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nevil");
            peer.readToEnd();
        });
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawClient.Answer answer = client.answer();
        assertEquals(502, answer.status());
        assertEquals("UPSTREAM_PROTOCOL", answer.header("x-sluice-code"));
        await().until(() -> upstream.peer(0).isGone());
    }
}
