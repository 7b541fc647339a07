package dev.sluice.proxy.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.TakenRequests.Taken;
import dev.sluice.proxy.codec.http1.connection.H1Server;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for a {@link dev.sluice.proxy.stream.ServerStream} and its reader. */
abstract class ServerStreamRules {
    private StreamPeer.OfServer client;

    abstract StreamPeer.OfServer connect() throws Exception;

    @BeforeEach
    void open() throws Exception {
        client = connect();
    }

    @AfterEach
    void close() {
        for (Taken taken : client.app().taken) {
            StreamRules.assertNothingFollowsAnEnd(taken.events);
        }
        client.close();
    }

    @Test
    void aRequestIsHeadDataAndOneEnd() {
        Taken request = request();
        client.data("a", false);
        client.data("b", true);
        assertEquals(List.of("a", "b"), StreamRules.texts(request.events));
        assertEquals(1, StreamRules.ends(request.events));
    }

    @Test
    void aRequestWithoutBodyEndsWithItsHead() {
        client.head(true);
        assertTrue(client.app().last().ended);
        assertEquals(List.of(), client.app().last().events);
    }

    @Test
    void trailersAreTheEnd() {
        Taken request = request();
        client.data("a", false);
        client.trailers();
        assertEquals(List.of("a", "trailers [x-sum: 1]"), request.events);
    }

    @Test
    void theResponseFlowsAfterTheRequestHasEnded() {
        Taken request = request();
        client.data("a", true);
        respond(request);
        request.stream.data(Heads.bytes("b"), false);
        request.stream.data(Heads.bytes("c"), true);
        assertEquals(List.of("200", "bc", "|"), client.seen());
    }

    @Test
    void theRequestFlowsAfterTheResponseHasBegun() {
        Taken request = request();
        respond(request);
        request.stream.data(Heads.bytes("b"), false);
        client.data("a", true);
        request.stream.data(Heads.bytes("c"), true);
        assertEquals(List.of("a"), StreamRules.texts(request.events));
        assertEquals(List.of("200", "bc", "|"), client.seen());
    }

    @Test
    void aHeadMayBeTheWholeResponse() {
        client.head(true);
        client.app().last().stream.head(Heads.response(200), true);
        assertEquals(List.of("200", "|"), client.seen());
    }

    @Test
    void trailersMayFollowTheHeadDirectly() {
        client.head(true);
        respond(client.app().last());
        client.app().last().stream.trailers(Heads.headers("x-sum", "1"));
        assertEquals(List.of("200", "trailers", "|"), client.seen());
    }

    @Test
    void anEmptyLastPieceIsAnEndToo() {
        client.head(true);
        respond(client.app().last());
        client.app().last().stream.data(Heads.bytes(""), true);
        assertEquals(List.of("200", "|"), client.seen());
    }

    @Test
    void informationalResponsesPrecedeTheFinalOne() {
        client.head(true);
        client.app().last().stream.informational(Heads.response(103));
        client.app().last().stream.head(Heads.response(200), true);
        client.app().last().stream.informational(Heads.response(103));
        assertEquals(List.of("103", "200", "|"), client.seen());
    }

    @Test
    void anEarlyResponseEndsTheRequestWithoutAWord() {
        Taken request = request();
        client.data("a", false);
        respond(request);
        request.stream.data(Heads.bytes("no"), true);
        client.data("b", false);
        assertEquals(List.of("a"), request.events);
        assertEquals(List.of("200", "no", "|"), client.seen());
    }

    @Test
    void aClientThatGoesBeforeTheResponseResetsTheRequestOnce() {
        client.head(true);
        client.reset();
        StreamRules.assertResetOnce(client.app().last().events);
    }

    @Test
    void aClientThatGoesInsideItsBodyResetsTheRequestOnce() {
        Taken request = request();
        client.data("a", false);
        client.reset();
        StreamRules.assertResetOnce(request.events);
    }

    @Test
    void aClientThatGoesInsideTheResponseResetsTheRequestOnce() {
        client.head(true);
        Taken request = client.app().last();
        respond(request);
        request.stream.data(Heads.bytes("a"), false);
        client.reset();
        StreamRules.assertResetOnce(request.events);
    }

    @Test
    void aClientThatGoesIsToldAlsoToWhoHasPaused() {
        Taken request = request();
        request.stream.requestGate().pause();
        client.data("a", false);
        client.reset();
        StreamRules.assertResetOnce(request.events);
    }

    @Test
    void aClientThatGoesAfterTheEndIsNotTold() {
        client.head(true);
        Taken request = client.app().last();
        request.stream.head(Heads.response(200), true);
        client.seen();
        client.reset();
        assertEquals(List.of(), request.events);
    }

    @Test
    void whatIsWrittenAfterAResetIsReleasedAndGoesNowhere() {
        client.head(true);
        Taken request = client.app().last();
        respond(request);
        client.seen();
        client.reset();
        StreamRules.assertDeaf(request.stream);
    }

    @Test
    void whatIsWrittenAfterTheEndIsReleasedAndGoesNowhere() {
        client.head(true);
        Taken request = client.app().last();
        request.stream.head(Heads.response(200), true);
        assertEquals(List.of("200", "|"), client.seen());
        StreamRules.assertDeaf(request.stream);
        request.stream.head(Heads.response(500), true);
        assertEquals(List.of("200", "|"), client.seen());
    }

    @Test
    void ourResetBeforeTheHeadShowsTheClientNoResponse() {
        client.head(true);
        client.app().last().stream.reset(H1Server.ERROR);
        assertEquals(List.of("cut"), client.seen());
        assertEquals(List.of(), client.app().last().events);
    }

    @Test
    void ourResetInsideTheBodyShowsTheClientNoEnd() {
        Taken request = request();
        respond(request);
        request.stream.data(Heads.bytes("a"), false);
        client.seen();
        request.stream.reset(H1Server.ERROR);
        assertEquals(List.of("200", "a", "cut"), client.seen());
        client.data("late", true);
        assertEquals(List.of(), request.events);
        StreamRules.assertDeaf(request.stream);
    }

    @Test
    void aPausedRequestIsHeldInOrderWithItsEnd() {
        Taken request = request();
        client.data("a", false);
        request.stream.requestGate().pause();
        client.data("b", false);
        client.data("c", true);
        assertEquals(List.of("a"), request.events);
        request.stream.requestGate().resume();
        assertEquals("abc", String.join("", StreamRules.texts(request.events)));
        assertEquals(1, StreamRules.ends(request.events));
    }

    @Test
    void pausingInsideAPieceHoldsTheNext() {
        Taken request = request();
        request.onEvent = event -> request.stream.requestGate().pause();
        client.data("a", false);
        client.data("b", false);
        assertEquals(List.of("a"), request.events);
        request.onEvent = event -> {};
        request.stream.requestGate().resume();
        assertEquals(List.of("a", "b"), request.events);
    }

    @Test
    void aFullWriterIsToldOnceItTakesMore() {
        client.head(true);
        Taken request = client.app().last();
        client.block(true);
        respond(request);
        request.stream.data(Heads.zeros(StreamRules.FLOOD), false);
        assertFalse(request.stream.isWritable());
        assertEquals(List.of(), request.events);
        client.block(false);
        assertEquals(List.of("writable"), request.events);
        assertTrue(request.stream.isWritable());
        request.stream.data(Heads.bytes("a"), true);
        assertEquals("|", client.seen().get(client.seen().size() - 1));
    }

    @Test
    void whatIsQueuedIsReleasedWhenTheClientGoes() {
        client.head(true);
        Taken request = client.app().last();
        client.block(true);
        respond(request);
        ByteBuf queued = Heads.zeros(StreamRules.FLOOD);
        request.stream.data(queued, false);
        client.reset();
        client.seen();
        assertEquals(0, queued.refCnt());
    }

    private Taken request() {
        client.head(false);
        return client.app().last();
    }

    private static void respond(Taken request) {
        request.stream.head(Heads.response(200), false);
    }
}
