package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenResponse;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Upgrades on HTTP/2: extended CONNECT towards an upstream (spec/reliability.md B57). */
class H2ClientTunnelTest {
    private final H2Client client = new H2Client();
    private final H2ClientHandler connection = client.connection;
    private final RawH2 upstream = client.upstream;

    @AfterEach
    void close() {
        upstream.close();
    }

    // ---- tunnels

    private static RequestHead upgrade() {
        return RequestHead.builder(
                        HttpVersion.HTTP_1_1,
                        "GET",
                        "/chat",
                        Heads.headers("sec-websocket-key", "abc", "sec-websocket-version", "13"))
                .authority("shop")
                .upgrade("websocket")
                .build();
    }

    @Test
    void b57AnUpgradeIsAnExtendedConnect() {
        upstream.settings(8, 1);
        TakenResponse response = new TakenResponse();
        ClientStream stream = connection.open(response);
        stream.head(upgrade(), HeaderOverlay.NONE, false);
        assertEquals(
                List.of("HEADERS 3 :method=CONNECT :scheme=http :authority=shop :path=/chat :protocol=websocket"
                        + " sec-websocket-version=13"),
                upstream.received());
        upstream.headers(3, false, ":status", "200").data(3, false, "hi");
        stream.data(Heads.bytes("ho"), false);
        assertEquals(List.of("101 []", "hi"), response.events);
        // The upstream's end is a half-close: ours goes on.
        upstream.data(3, true, "");
        stream.data(Heads.bytes("more"), true);
        assertEquals(List.of("101 []", "hi", "|"), response.events);
        assertEquals(List.of("DATA 3 ho", "DATA 3 more END"), upstream.received());
    }

    @Test
    void b57AnUpgradeWaitsForTheSettingsOfANewConnection() {
        TakenResponse response = new TakenResponse();
        ClientStream stream = connection.open(response);
        stream.head(upgrade(), HeaderOverlay.NONE, false);
        stream.data(Heads.bytes("early"), false);
        assertEquals(List.of(), upstream.received());
        assertEquals(1, connection.activeStreams());
        upstream.settings(8, 1);
        List<String> sent = upstream.received();
        assertTrue(sent.get(0).startsWith("HEADERS 3 :method=CONNECT"), sent.toString());
        assertEquals("DATA 3 early", sent.get(1));
        assertEquals(1, connection.activeStreams());
    }

    @Test
    void b57AnUpstreamWithoutTunnelsGetsNoUpgrade() {
        upstream.settings();
        TakenResponse response = new TakenResponse();
        connection.open(response).head(upgrade(), HeaderOverlay.NONE, false);
        H2Client.assertNotProcessed(ErrorCode.UPSTREAM_PROTOCOL, response);
        assertEquals(List.of(), upstream.received());
        assertEquals(0, connection.activeStreams());
    }

    /** No stream of the connection ends with it, so nothing else would give the pool its connection back. */
    @Test
    void b57AnUpgradeThatIsNotSentLeavesItsConnectionToOthers() {
        upstream.settings(3, 1);
        client.told.clear();
        ClientStream stream = connection.open(new TakenResponse());
        assertEquals(0, connection.openableStreams());
        stream.head(upgrade(), HeaderOverlay.NONE, false);
        assertEquals(List.of("available 1"), client.told);
    }

    @Test
    void b57AnUpgradeThatIsNotSentKeepsNoDrainingConnectionOpen() {
        upstream.settings();
        ClientStream stream = connection.open(new TakenResponse());
        connection.drain();
        stream.head(upgrade(), HeaderOverlay.NONE, false);
        assertEquals("closed 0", H2Client.last(client.told));
    }

    @Test
    void b57AnUpgradeThatIsGivenUpBeforeTheSettingsKeepsNoDrainingConnectionOpen() {
        ClientStream stream = connection.open(new TakenResponse());
        stream.head(upgrade(), HeaderOverlay.NONE, false);
        connection.drain();
        assertEquals(List.of(), client.told);
        stream.reset(ProxyError.downstream(ErrorCode.CLIENT_GONE, "the client left"));
        assertEquals(List.of("closed 0"), client.told);
    }

    @Test
    void b57AWaitingUpgradeIsToldThatTheConnectionIsGone() {
        TakenResponse response = new TakenResponse();
        connection.open(response).head(upgrade(), HeaderOverlay.NONE, false);
        upstream.disconnect();
        H2Client.assertNotProcessed(ErrorCode.UPSTREAM_CLOSED, response);
    }

    @Test
    void b57ARefusedTunnelIsAnOrdinaryResponse() {
        upstream.settings(8, 1);
        TakenResponse response = new TakenResponse();
        connection.open(response).head(upgrade(), HeaderOverlay.NONE, false);
        upstream.headers(3, true, ":status", "403");
        assertEquals(List.of("403 []|"), response.events);
        assertEquals("RST_STREAM 3 CANCEL", H2Client.last(upstream.received()));
    }
}
