package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenResponse;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import io.netty.handler.codec.http2.Http2Error;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many streams a connection takes, and how it ends: limits, GOAWAY, draining. */
class H2ClientConnectionTest {
    private final H2Client client = new H2Client();
    private final H2ClientHandler connection = client.connection;
    private final RawH2 upstream = client.upstream;

    @AfterEach
    void close() {
        upstream.close();
    }

    // ---- how many streams

    @Test
    void aHundredStreamsAreAssumedUntilTheUpstreamSaysHowMany() {
        assertEquals(100, connection.openableStreams());
        assertEquals(HttpVersion.HTTP_2, connection.version());
        client.get();
        assertEquals(99, connection.openableStreams());
        assertEquals(1, connection.activeStreams());
        upstream.settings(3, 2);
        assertEquals(1, connection.openableStreams());
        assertEquals(List.of("available 1"), client.told);
    }

    @Test
    void anOpenedStreamCountsBeforeItsHeadIsSent() {
        upstream.settings(3, 1);
        ClientStream stream = connection.open(new TakenResponse());
        assertEquals(0, connection.openableStreams());
        stream.reset(ProxyError.proxy(ErrorCode.LOCAL_RESET, ""));
        assertEquals(1, connection.openableStreams());
        assertEquals(List.of(), upstream.received());
    }

    @Test
    void aLimitOfZeroStopsAndARaisedOneGoesOn() {
        upstream.settings(3, 0);
        assertEquals(0, connection.openableStreams());
        upstream.settings(3, 5);
        assertEquals(List.of("available 5"), client.told);
    }

    @Test
    void anEndedStreamMakesRoom() {
        upstream.settings(3, 1);
        client.told.clear();
        client.get();
        assertEquals(0, connection.openableStreams());
        upstream.headers(3, true, ":status", "200");
        assertEquals(List.of("available 1"), client.told);
    }

    @Test
    void streamsStayOpenOnceTheirIdsHaveRunOut() {
        upstream.settings();
        H2ClientHandlerIds.skipTo(connection, Integer.MAX_VALUE - 2);
        TakenResponse last = client.get();
        assertEquals(
                "HEADERS 2147483647 :method=GET :scheme=http :authority=shop :path=/ END",
                H2Client.last(upstream.received()));
        assertEquals(0, connection.openableStreams());
        assertTrue(client.told.contains("draining 0"));
        upstream.headers(Integer.MAX_VALUE, true, ":status", "200");
        assertEquals(List.of("200 []|"), last.events);
        assertTrue(upstream.isClosed());
    }

    // ---- GOAWAY

    @Test
    void b59GoAwayEndsStreamsAboveItsLastAsNotProcessed() {
        upstream.settings();
        TakenResponse below = client.get();
        TakenResponse above = client.get();
        client.told.clear();
        upstream.goAway(3, Http2Error.NO_ERROR);
        H2Client.assertNotProcessed(ErrorCode.UPSTREAM_REFUSED, above);
        assertEquals(List.of(), below.events);
        assertEquals(List.of("draining 0"), client.told);

        upstream.headers(3, false, ":status", "200").data(3, true, "x");
        assertEquals(List.of("200 []", "x|"), below.events);
        assertTrue(upstream.isClosed());
        assertEquals(List.of("draining 0", "closed 0"), client.told);
    }

    @Test
    void b59TheFirstOfTwoGoAwaysEndsNoStream() {
        upstream.settings();
        TakenResponse response = client.get();
        upstream.goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR);
        assertEquals(List.of(), response.events);
        upstream.goAway(3, Http2Error.NO_ERROR).headers(3, true, ":status", "200");
        assertEquals(List.of("200 []|"), response.events);
        assertEquals(1, client.told.stream().filter("draining 0"::equals).count());
    }

    @Test
    void b59ARequestAfterGoAwayIsNotProcessed() {
        upstream.settings();
        TakenResponse first = client.get();
        ClientStream opened = connection.open(new TakenResponse());
        upstream.goAway(3, Http2Error.NO_ERROR);
        TakenResponse late = new TakenResponse();
        opened.reset(ProxyError.proxy(ErrorCode.LOCAL_RESET, ""));
        connection.open(late).head(Heads.request("GET", "/"), HeaderOverlay.NONE, true);
        H2Client.assertNotProcessed(ErrorCode.UPSTREAM_CLOSED, late);
        assertEquals(List.of(), first.events);
    }

    @Test
    void b59AGoAwayOnAnIdleConnectionClosesIt() {
        upstream.settings().goAway(0, Http2Error.NO_ERROR);
        assertTrue(upstream.isClosed());
        assertEquals(List.of("available 2147483647", "draining 0", "closed 0"), client.told);
    }

    @Test
    void drainingLetsStreamsFinishAndThenCloses() {
        upstream.settings();
        TakenResponse response = client.get();
        connection.drain();
        assertEquals(0, connection.openableStreams());
        assertFalse(upstream.isClosed());
        upstream.headers(3, true, ":status", "200");
        assertEquals(List.of("200 []|"), response.events);
        assertTrue(upstream.isClosed());
    }

    @Test
    void drainingAnIdleConnectionClosesItAtOnce() {
        upstream.settings();
        connection.drain();
        assertTrue(upstream.isClosed());
    }
}
