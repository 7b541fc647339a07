package dev.sluice.proxy.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.http1.connection.H1Server;
import dev.sluice.proxy.stream.ClientStream;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for a {@link ClientStream} and its reader. */
abstract class ClientStreamRules {
    private final TakenResponse response = new TakenResponse();
    private StreamPeer.OfClient upstream;
    private ClientStream stream;

    abstract StreamPeer.OfClient connect() throws Exception;

    @BeforeEach
    void open() throws Exception {
        upstream = connect();
        stream = upstream.open(response);
    }

    @AfterEach
    void close() {
        StreamRules.assertNothingFollowsAnEnd(response.events);
        upstream.close();
    }

    @Test
    void aRequestIsHeadDataAndOneEnd() {
        stream.data(Heads.bytes("a"), false);
        stream.data(Heads.bytes("b"), true);
        assertEquals(List.of("HEAD", "ab", "|"), upstream.seen());
    }

    @Test
    void trailersAreTheEnd() {
        stream.data(Heads.bytes("a"), false);
        stream.trailers(Heads.headers("x-sum", "1"));
        assertEquals(List.of("HEAD", "a", "trailers", "|"), upstream.seen());
    }

    @Test
    void aResponseIsHeadDataAndOneEnd() {
        endRequest();
        upstream.head(false);
        upstream.data("a", false);
        upstream.data("b", true);
        assertEquals(List.of("a", "b"), StreamRules.texts(response.events.subList(1, response.events.size())));
        assertEquals(1, StreamRules.ends(response.events));
    }

    @Test
    void aHeadMayBeTheWholeResponse() {
        endRequest();
        upstream.head(true);
        assertEquals(1, response.events.size());
        assertEquals(1, StreamRules.ends(response.events));
    }

    @Test
    void trailersMayFollowTheHeadDirectly() {
        endRequest();
        upstream.head(false);
        upstream.trailers();
        assertEquals(List.of("200 []", "trailers [x-sum: 1]"), response.events);
    }

    @Test
    void informationalResponsesPrecedeTheFinalOne() {
        endRequest();
        upstream.informational();
        upstream.head(false);
        upstream.data("", true);
        assertEquals(List.of("103 []", "200 []", "|"), response.events);
    }

    @Test
    void theRequestFlowsAfterTheResponseHasBegun() {
        upstream.head(false);
        upstream.data("a", false);
        stream.data(Heads.bytes("b"), true);
        upstream.seen();
        upstream.data("", true);
        assertEquals(List.of("200 []", "a", "|"), response.events);
        assertEquals(List.of("HEAD", "b", "|"), upstream.seen());
    }

    @Test
    void anEarlyResponseEndsTheRequest() {
        stream.data(Heads.bytes("a"), false);
        upstream.seen();
        upstream.head(false);
        upstream.data("no", true);
        assertEquals(1, StreamRules.ends(response.events));
        StreamRules.assertDeaf(stream);
        assertEquals(List.of("HEAD", "a", "cut"), upstream.seen());
    }

    @Test
    void anUpstreamThatGoesBeforeTheResponseResetsItOnce() {
        endRequest();
        upstream.seen();
        upstream.reset();
        StreamRules.assertResetOnce(response.events);
        StreamRules.assertDeaf(stream);
    }

    @Test
    void anUpstreamThatGoesInsideTheRequestResetsTheResponseOnce() {
        stream.data(Heads.bytes("a"), false);
        upstream.seen();
        upstream.reset();
        StreamRules.assertResetOnce(response.events);
        StreamRules.assertDeaf(stream);
    }

    @Test
    void anUpstreamThatGoesInsideTheResponseResetsItOnce() {
        endRequest();
        upstream.head(false);
        upstream.data("a", false);
        upstream.reset();
        assertEquals(List.of("200 []", "a"), response.events.subList(0, 2));
        StreamRules.assertResetOnce(response.events);
    }

    @Test
    void anUpstreamThatGoesAfterTheEndIsNotTold() {
        endRequest();
        upstream.head(true);
        upstream.reset();
        assertEquals(1, response.events.size());
    }

    @Test
    void ourResetShowsTheUpstreamNoEndAndIsNotToldToTheReader() {
        stream.data(Heads.bytes("a"), false);
        upstream.seen();
        stream.reset(H1Server.ERROR);
        assertEquals(List.of("HEAD", "a", "cut"), upstream.seen());
        StreamRules.assertDeaf(stream);
        assertEquals(List.of(), response.events);
    }

    @Test
    void ourResetInsideTheResponseIsNotToldToTheReader() {
        endRequest();
        upstream.head(false);
        upstream.data("a", false);
        stream.reset(H1Server.ERROR);
        upstream.data("b", true);
        assertEquals(List.of("200 []", "a"), response.events);
    }

    @Test
    void aPausedResponseIsHeldInOrderWithItsEnd() {
        endRequest();
        upstream.head(false);
        upstream.data("a", false);
        stream.responseGate().pause();
        upstream.data("b", false);
        upstream.data("c", true);
        assertEquals(List.of("200 []", "a"), response.events);
        stream.responseGate().resume();
        assertEquals("abc", String.join("", StreamRules.texts(response.events.subList(1, response.events.size()))));
        assertEquals(1, StreamRules.ends(response.events));
    }

    @Test
    void aFullWriterIsToldOnceItTakesMore() {
        upstream.block(true);
        stream.data(Heads.zeros(StreamRules.FLOOD), false);
        assertFalse(stream.isWritable());
        assertEquals(List.of(), response.events);
        upstream.block(false);
        assertEquals(List.of("writable"), response.events);
        assertTrue(stream.isWritable());
        stream.data(Heads.bytes("a"), true);
        assertEquals("|", upstream.seen().get(upstream.seen().size() - 1));
    }

    @Test
    void whatIsQueuedIsReleasedWhenTheUpstreamGoes() {
        upstream.block(true);
        ByteBuf queued = Heads.zeros(StreamRules.FLOOD);
        stream.data(queued, false);
        upstream.reset();
        upstream.seen();
        assertEquals(0, queued.refCnt());
    }

    private void endRequest() {
        stream.data(Heads.bytes(""), true);
    }
}
