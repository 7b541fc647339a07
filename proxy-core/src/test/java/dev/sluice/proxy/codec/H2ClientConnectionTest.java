package dev.sluice.proxy.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HeaderOverlay;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ProxyError.RetryVerdict;
import dev.sluice.proxy.stream.RequestHead;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an upstream does to a connection: limits, GOAWAY, tunnels, broken responses. */
class H2ClientConnectionTest {
    private final H2ClientHandler handler = new H2ClientHandler(CodecLimits.DEFAULT);
    private final RawH2 upstream = RawH2.server(handler);
    private final Told told = new Told();

    H2ClientConnectionTest() {
        handler.listener(told);
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    private static final class Told implements ClientConnection.Listener {
        final List<String> events = new ArrayList<>();

        @Override
        public void onStreamsAvailable(ClientConnection connection) {
            events.add("available " + connection.openableStreams());
        }

        @Override
        public void onDraining(ClientConnection connection) {
            events.add("draining " + connection.openableStreams());
        }

        @Override
        public void onClosed(ClientConnection connection) {
            events.add("closed " + connection.openableStreams());
        }
    }

    private TakenResponse get() {
        TakenResponse response = new TakenResponse();
        handler.open(response).head(Heads.request("GET", "/"), HeaderOverlay.NONE, true);
        return response;
    }

    private static void assertNotProcessed(ErrorCode code, TakenResponse response) {
        ProxyError error = Objects.requireNonNull(response.reset);
        assertEquals(code, error.code());
        assertEquals(RetryVerdict.NOT_PROCESSED, error.retry());
    }

    // ---- how many streams

    @Test
    void aHundredStreamsAreAssumedUntilTheUpstreamSaysHowMany() {
        assertEquals(100, handler.openableStreams());
        assertEquals(HttpVersion.HTTP_2, handler.version());
        get();
        assertEquals(99, handler.openableStreams());
        assertEquals(1, handler.activeStreams());
        upstream.settings(3, 2);
        assertEquals(1, handler.openableStreams());
        assertEquals(List.of("available 1"), told.events);
    }

    @Test
    void anOpenedStreamCountsBeforeItsHeadIsSent() {
        upstream.settings(3, 1);
        ClientStream stream = handler.open(new TakenResponse());
        assertEquals(0, handler.openableStreams());
        stream.reset(ProxyError.proxy(ErrorCode.LOCAL_RESET, ""));
        assertEquals(1, handler.openableStreams());
        assertEquals(List.of(), upstream.received());
    }

    @Test
    void aLimitOfZeroStopsAndARaisedOneGoesOn() {
        upstream.settings(3, 0);
        assertEquals(0, handler.openableStreams());
        upstream.settings(3, 5);
        assertEquals(List.of("available 5"), told.events);
    }

    @Test
    void anEndedStreamMakesRoom() {
        upstream.settings(3, 1);
        told.events.clear();
        get();
        assertEquals(0, handler.openableStreams());
        upstream.headers(3, true, ":status", "200");
        assertEquals(List.of("available 1"), told.events);
    }

    @Test
    void streamsStayOpenOnceTheirIdsHaveRunOut() {
        upstream.settings();
        H2ClientHandlerIds.skipTo(handler, Integer.MAX_VALUE - 2);
        TakenResponse last = get();
        assertEquals(
                "HEADERS 2147483647 :method=GET :scheme=http :authority=shop :path=/ END", last(upstream.received()));
        assertEquals(0, handler.openableStreams());
        assertTrue(told.events.contains("draining 0"));
        upstream.headers(Integer.MAX_VALUE, true, ":status", "200");
        assertEquals(List.of("200 []|"), last.events);
        assertTrue(upstream.isClosed());
    }

    private static String last(List<String> lines) {
        return lines.get(lines.size() - 1);
    }

    // ---- GOAWAY

    @Test
    void b59GoAwayEndsStreamsAboveItsLastAsNotProcessed() {
        upstream.settings();
        TakenResponse below = get();
        TakenResponse above = get();
        told.events.clear();
        upstream.goAway(3, Http2Error.NO_ERROR);
        assertNotProcessed(ErrorCode.UPSTREAM_REFUSED, above);
        assertEquals(List.of(), below.events);
        assertEquals(List.of("draining 0"), told.events);

        upstream.headers(3, false, ":status", "200").data(3, true, "x");
        assertEquals(List.of("200 []", "x|"), below.events);
        assertTrue(upstream.isClosed());
        assertEquals(List.of("draining 0", "closed 0"), told.events);
    }

    @Test
    void b59TheFirstOfTwoGoAwaysEndsNoStream() {
        upstream.settings();
        TakenResponse response = get();
        upstream.goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR);
        assertEquals(List.of(), response.events);
        upstream.goAway(3, Http2Error.NO_ERROR).headers(3, true, ":status", "200");
        assertEquals(List.of("200 []|"), response.events);
        assertEquals(1, told.events.stream().filter("draining 0"::equals).count());
    }

    @Test
    void b59ARequestAfterGoAwayIsNotProcessed() {
        upstream.settings();
        TakenResponse first = get();
        ClientStream opened = handler.open(new TakenResponse());
        upstream.goAway(3, Http2Error.NO_ERROR);
        TakenResponse late = new TakenResponse();
        opened.reset(ProxyError.proxy(ErrorCode.LOCAL_RESET, ""));
        handler.open(late).head(Heads.request("GET", "/"), HeaderOverlay.NONE, true);
        assertNotProcessed(ErrorCode.UPSTREAM_CLOSED, late);
        assertEquals(List.of(), first.events);
    }

    @Test
    void b59AGoAwayOnAnIdleConnectionClosesIt() {
        upstream.settings().goAway(0, Http2Error.NO_ERROR);
        assertTrue(upstream.isClosed());
        assertEquals(List.of("available 2147483647", "draining 0", "closed 0"), told.events);
    }

    @Test
    void drainingLetsStreamsFinishAndThenCloses() {
        upstream.settings();
        TakenResponse response = get();
        handler.drain();
        assertEquals(0, handler.openableStreams());
        assertFalse(upstream.isClosed());
        upstream.headers(3, true, ":status", "200");
        assertEquals(List.of("200 []|"), response.events);
        assertTrue(upstream.isClosed());
    }

    @Test
    void drainingAnIdleConnectionClosesItAtOnce() {
        upstream.settings();
        handler.drain();
        assertTrue(upstream.isClosed());
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
        ClientStream stream = handler.open(response);
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
        ClientStream stream = handler.open(response);
        stream.head(upgrade(), HeaderOverlay.NONE, false);
        stream.data(Heads.bytes("early"), false);
        assertEquals(List.of(), upstream.received());
        assertEquals(1, handler.activeStreams());
        upstream.settings(8, 1);
        List<String> sent = upstream.received();
        assertTrue(sent.get(0).startsWith("HEADERS 3 :method=CONNECT"), sent.toString());
        assertEquals("DATA 3 early", sent.get(1));
        assertEquals(1, handler.activeStreams());
    }

    @Test
    void b57AnUpstreamWithoutTunnelsGetsNoUpgrade() {
        upstream.settings();
        TakenResponse response = new TakenResponse();
        handler.open(response).head(upgrade(), HeaderOverlay.NONE, false);
        assertNotProcessed(ErrorCode.UPSTREAM_PROTOCOL, response);
        assertEquals(List.of(), upstream.received());
        assertEquals(0, handler.activeStreams());
    }

    @Test
    void b57AWaitingUpgradeIsToldThatTheConnectionIsGone() {
        TakenResponse response = new TakenResponse();
        handler.open(response).head(upgrade(), HeaderOverlay.NONE, false);
        upstream.disconnect();
        assertNotProcessed(ErrorCode.UPSTREAM_CLOSED, response);
    }

    @Test
    void b57ARefusedTunnelIsAnOrdinaryResponse() {
        upstream.settings(8, 1);
        TakenResponse response = new TakenResponse();
        handler.open(response).head(upgrade(), HeaderOverlay.NONE, false);
        upstream.headers(3, true, ":status", "403");
        assertEquals(List.of("403 []|"), response.events);
        assertEquals("RST_STREAM 3 CANCEL", last(upstream.received()));
    }

    // ---- what an upstream must not send

    private void assertProtocolError(TakenResponse response) {
        assertEquals(
                ErrorCode.UPSTREAM_PROTOCOL,
                Objects.requireNonNull(response.reset).code());
        assertEquals("RST_STREAM 3 PROTOCOL_ERROR", last(upstream.received()));
        // The connection's other streams go on.
        TakenResponse next = get();
        upstream.headers(5, true, ":status", "200");
        assertEquals(List.of("200 []|"), next.events);
    }

    @ParameterizedTest
    @ValueSource(strings = {"99", "1000", "abc", "2 0", "101", "20", "-20"})
    void b36ABadStatusIsAProtocolError(String status) {
        upstream.settings();
        TakenResponse response = get();
        upstream.headers(3, true, ":status", status);
        assertProtocolError(response);
    }

    @Test
    void b36AStatusBeyond599Passes() {
        upstream.settings();
        TakenResponse response = get();
        upstream.headers(3, true, ":status", "799");
        assertEquals(List.of("799 []|"), response.events);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"Upper|x", "connection|close", "transfer-encoding|chunked", "a|'x '", "a|' x'", ":path|/"})
    void b48AForbiddenFieldIsAProtocolError(String name, String value) {
        upstream.settings();
        TakenResponse response = get();
        upstream.headers(3, true, ":status", "200", name, value);
        assertProtocolError(response);
    }

    @Test
    void b49AResponseWithoutStatusIsAProtocolError() {
        upstream.settings();
        TakenResponse response = get();
        upstream.headers(3, true, "a", "1");
        assertProtocolError(response);
    }

    @Test
    void aHeaderTooManyIsAProtocolError() {
        upstream.settings();
        TakenResponse response = get();
        String[] fields = new String[2 * 102];
        fields[0] = ":status";
        fields[1] = "200";
        for (int i = 1; i <= 101; i++) {
            fields[2 * i] = "x-" + i;
            fields[2 * i + 1] = "";
        }
        upstream.headers(3, true, fields);
        assertProtocolError(response);
    }

    @Test
    void tooManyBytesOfHeadersAreAProtocolError() {
        upstream.settings();
        TakenResponse response = get();
        for (int i = 0; i < 4; i++) {
            String[] fields = {"x-" + i, "x".repeat(16_000)};
            if (i == 0) {
                upstream.frame(RawH2.HEADERS, 0, 3, RawH2.block(":status", "200", fields[0], fields[1]));
            } else {
                upstream.frame(RawH2.CONTINUATION, i == 3 ? RawH2.END_HEADERS : 0, 3, RawH2.block(fields));
            }
        }
        assertProtocolError(response);
    }

    @Test
    void b32TooManyInformationalResponsesAreAProtocolError() {
        upstream.settings();
        TakenResponse response = get();
        for (int i = 0; i < 33; i++) {
            upstream.headers(3, false, ":status", "103");
        }
        assertEquals(33, response.events.size());
        assertProtocolError(response);
    }

    @Test
    void anInformationalResponseIsNoEnd() {
        upstream.settings();
        TakenResponse response = get();
        upstream.headers(3, true, ":status", "103");
        assertProtocolError(response);
    }

    @Test
    void b55NettysCarriersAreTakenOff() {
        upstream.settings();
        TakenResponse response = get();
        upstream.headers(3, true, ":status", "200", "x-http2-stream-id", "5", "a", "1");
        assertEquals(List.of("200 [a: 1]|"), response.events);
    }

    @Test
    void b58APushIsAConnectionError() {
        upstream.settings();
        TakenResponse response = get();
        upstream.frame(
                5,
                RawH2.END_HEADERS,
                3,
                Unpooled.wrappedBuffer(Unpooled.buffer().writeInt(2), RawH2.block(RawH2.request("GET"))));
        assertEquals("GOAWAY 2147483647 PROTOCOL_ERROR", last(upstream.received()));
        assertEquals(List.of("reset UPSTREAM_CLOSED"), response.events);
        assertTrue(upstream.isClosed());
    }

    @Test
    void anUpstreamThatFloodsIsLeft() {
        upstream.settings();
        for (int i = 0; i < 1000 && !upstream.isClosed(); i++) {
            upstream.frame(RawH2.PING, 0, 0, Unpooled.buffer().writeLong(i));
        }
        assertTrue(upstream.isClosed());
        assertEquals("closed 0", last(told.events));
    }

    @Test
    void anUpstreamThatRefusesEveryStreamIsKept() {
        upstream.settings();
        for (int i = 0; i < 1000; i++) {
            TakenResponse response = get();
            upstream.rst(2 * i + 3, Http2Error.REFUSED_STREAM);
            assertNotProcessed(ErrorCode.UPSTREAM_REFUSED, response);
        }
        assertFalse(upstream.isClosed());
    }
}
