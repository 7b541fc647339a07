package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenRequests;
import dev.sluice.proxy.codec.TakenRequests.Taken;
import dev.sluice.proxy.stream.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** CONNECT over HTTP/2: as a tunnel of an upgrade, and plain (spec/reliability.md B57, B58). */
class H2ConnectTest {
    private final H2Server server = new H2Server();
    private final TakenRequests requests = server.requests;
    private final RawH2 client = server.client;

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void b57AnExtendedConnectIsAnUpgradeRequest() {
        client.headers(1, false, extendedConnect("websocket"));
        Taken tunnel = requests.last();
        assertEquals("GET", tunnel.head.method());
        assertEquals("websocket", tunnel.head.upgrade());
        assertEquals("/chat", tunnel.head.path());
        assertFalse(tunnel.ended);
        tunnel.stream.head(Heads.response(101, "sec-websocket-accept", "x", "sec-websocket-protocol", "chat"), false);
        client.data(1, false, "ping");
        tunnel.stream.data(Heads.bytes("pong"), false);
        assertEquals(List.of("HEADERS 1 :status=200 sec-websocket-protocol=chat", "DATA 1 pong"), client.received());
        // Half-closed, the other direction goes on.
        tunnel.stream.data(Heads.bytes("bye"), true);
        client.data(1, false, "more").data(1, true, "");
        assertEquals(List.of("ping", "more", "|"), tunnel.events);
        assertEquals(List.of("DATA 1 bye END"), client.received());
    }

    /** Whether an upstream's 200 is to pass is for the attempt to say; what the proxy answers itself is meant. */
    @Test
    void b57AnOrdinary200PassesAndOpensNoTunnel() {
        client.headers(1, false, extendedConnect("websocket"));
        requests.last().stream.head(Heads.response(200, "content-length", "9"), false);
        requests.last().stream.data(Heads.bytes("no tunnel"), true);
        assertEquals(
                List.of("HEADERS 1 :status=200", "DATA 1 no tunnel END", "RST_STREAM 1 NO_ERROR"), client.received());
    }

    @Test
    void aSwitchThatNobodyAskedForIs502() {
        client.headers(1, true, RawH2.request("GET"));
        requests.last().stream.head(Heads.response(101), false);
        assertEquals(List.of("HEADERS 1 :status=502 END"), client.received());
    }

    @Test
    void b57ARefusalOfATunnelPasses() {
        client.headers(1, false, extendedConnect("websocket"));
        requests.last().stream.head(Heads.response(403), true);
        assertEquals(List.of("HEADERS 1 :status=403 END", "RST_STREAM 1 NO_ERROR"), client.received());
    }

    @Test
    void b57AnotherProtocolIsNotImplemented() {
        server.assertRefused(ErrorCode.NOT_IMPLEMENTED, extendedConnect("connect-udp"));
    }

    @Test
    void b57AProtocolOnGetResetsTheStream() {
        server.assertReset(
                ":method", "GET", ":scheme", "http", ":authority", "shop", ":path", "/", ":protocol", "websocket");
    }

    private static String[] extendedConnect(String protocol) {
        return new String[] {
            ":method", "CONNECT", ":protocol", protocol, ":scheme", "http", ":authority", "shop", ":path", "/chat"
        };
    }

    @Test
    void b58PlainConnectIsNotAllowed() {
        server.assertRefused(ErrorCode.METHOD_NOT_ALLOWED, ":method", "CONNECT", ":authority", "shop:443");
    }

    @Test
    void b58ConnectWithAPathIsMalformed() {
        server.assertReset(RawH2.request("CONNECT"));
    }
}
