package dev.sluice.proxy.codec.http1.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.PullChannel;
import dev.sluice.proxy.codec.TakenResponse;
import dev.sluice.proxy.codec.http1.WebSocketHandshake;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.RequestHead;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Upgrades to WebSocket on an upstream connection. */
class H1ClientTunnelTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

    private final TakenResponse taken = new TakenResponse();
    private H1Client client;
    private PullChannel upstream;
    private ClientStream stream;

    @BeforeEach
    void connect() throws Exception {
        client = new H1Client();
        upstream = client.upstream;
        stream = client.start(taken, upgrade("sec-websocket-key", KEY));
    }

    @AfterEach
    void close() {
        upstream.finishAndReleaseAll();
    }

    @Test
    void theRequestAsksForTheProtocolWithoutABody() {
        assertEquals(
                "GET /chat HTTP/1.1\r\nhost: shop\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        .concat("connection: upgrade\r\nupgrade: websocket\r\n\r\n"),
                upstream.received());
    }

    @Test
    void after101BytesFlowBothWays() {
        upstream.received();
        upstream.send(SWITCHING + "first");
        assertEquals(List.of("101 []", "first"), taken.events);
        stream.data(Heads.bytes("HTTP/1.1"), false);
        assertEquals("HTTP/1.1", upstream.received());
        upstream.send("HTTP/1.1 200 OK\r\n\r\n");
        assertEquals("HTTP/1.1 200 OK\r\n\r\n", taken.events.get(2));
    }

    @Test
    void bytesGivenBeforeThe101AreSentAfterIt() {
        upstream.received();
        stream.data(Heads.bytes("early"), false);
        assertFalse(stream.isWritable());
        assertEquals("", upstream.received());
        upstream.send(SWITCHING);
        assertEquals("early", upstream.received());
        assertEquals(List.of("101 []", "writable"), taken.events);
    }

    @Test
    void bytesGivenBeforeARefusalAreNeverSent() {
        upstream.received();
        stream.data(Heads.bytes("GET /evil HTTP/1.1\r\n\r\n"), false);
        upstream.send(H1Client.OK);
        assertEquals("", upstream.received());
        assertEquals(List.of("200 [content-length: 2]", "ok|"), taken.events);
    }

    @Test
    void aRefusedUpgradeLeavesTheConnectionReusable() {
        upstream.send(H1Client.OK);
        assertEquals(List.of("available"), client.told);
        assertEquals(1, client.connection.openableStreams());
    }

    @Test
    void aSwitchToAnotherProtocolIsABrokenResponse() {
        upstream.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n");
        assertEquals(List.of("reset UPSTREAM_PROTOCOL"), taken.events);
    }

    @Test
    void theUpstreamsHalfCloseIsToldAndTheOtherHalfFlowsOn() {
        upstream.received();
        upstream.send(SWITCHING + "bye").sendFin();
        assertEquals(List.of("101 []", "bye", "|"), taken.events);
        stream.data(Heads.bytes("more"), false);
        assertEquals("more", upstream.received());
        stream.data(Heads.bytes(""), true);
        upstream.runPendingTasks();
        assertFalse(upstream.isActive());
        assertEquals(List.of("closed"), client.told);
        assertEquals(3, taken.events.size());
    }

    @Test
    void ourHalfCloseIsPassedOnAndTheUpstreamMayGoOn() {
        upstream.send(SWITCHING);
        stream.data(Heads.bytes("bye"), true);
        upstream.runPendingTasks();
        assertTrue(upstream.isOutputShutdown());
        upstream.send("more").sendFin();
        assertEquals(List.of("101 []", "more", "|"), taken.events);
        assertFalse(upstream.isActive());
    }

    @Test
    void aResetIsNoHalfClose() {
        upstream.send(SWITCHING).sendReset();
        assertEquals(List.of("101 []", "reset UPSTREAM_CLOSED"), taken.events);
        assertFalse(upstream.isActive());
    }

    @Test
    void givingUpATunnelIsNoHalfCloseEither() {
        upstream.send(SWITCHING);
        stream.reset(H1Server.ERROR);
        upstream.runPendingTasks();
        assertFalse(upstream.isOutputShutdown());
        assertFalse(upstream.isActive());
    }

    @Test
    void aRequestFromHttp2GetsAKeyAndItsAnswerIsChecked() throws Exception {
        assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", WebSocketHandshake.accept(KEY));
        H1Client other = new H1Client();
        TakenResponse response = new TakenResponse();
        other.start(response, upgrade());
        String sent = other.upstream.received();
        String key = H1Server.line(sent, "sec-websocket-key").substring(19).trim();
        assertEquals("sec-websocket-version: 13\r\n", H1Server.line(sent, "sec-websocket-version"));
        other.upstream.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                .concat("Sec-WebSocket-Accept: " + WebSocketHandshake.accept(key) + "\r\n\r\n"));
        assertEquals(List.of("101 []"), response.events);
        other.upstream.finishAndReleaseAll();
    }

    @Test
    void aWrongAnswerToOurKeyIsABrokenResponse() throws Exception {
        H1Client other = new H1Client();
        TakenResponse response = new TakenResponse();
        other.start(response, upgrade());
        other.upstream.send(SWITCHING);
        assertEquals(ErrorCode.UPSTREAM_PROTOCOL, response.reset.code());
        other.upstream.finishAndReleaseAll();
    }

    private static RequestHead upgrade(String... headers) {
        return H1Client.request("GET", "/chat", -1, headers)
                .upgrade("websocket")
                .build();
    }
}
