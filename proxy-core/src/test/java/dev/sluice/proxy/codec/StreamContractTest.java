package dev.sluice.proxy.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.TakenRequests.Taken;
import dev.sluice.proxy.stream.BodyWriter;
import dev.sluice.proxy.stream.ClientStream;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The rules of a stream (package {@code dev.sluice.proxy.stream}), held against every codec: what is above them must not
 * be able to tell the protocols apart.
 */
class StreamContractTest {
    /** More than any buffer or window takes. */
    private static final int FLOOD = 200_000;

    @Nested
    class Http1Server extends ServerRules {
        @Override
        StreamPeer.OfServer connect() throws Exception {
            return H1Peer.Client.connect();
        }
    }

    @Nested
    class Http1Client extends ClientRules {
        @Override
        StreamPeer.OfClient connect() throws Exception {
            return H1Peer.Upstream.connect();
        }
    }

    @Nested
    class Http2Server extends ServerRules {
        @Override
        StreamPeer.OfServer connect() {
            return H2Peer.Client.connect();
        }
    }

    @Nested
    class Http2Client extends ClientRules {
        @Override
        StreamPeer.OfClient connect() {
            return H2Peer.Upstream.connect();
        }
    }

    /** What holds for a {@link dev.sluice.proxy.stream.ServerStream} and its reader. */
    abstract static class ServerRules {
        private StreamPeer.OfServer client;

        abstract StreamPeer.OfServer connect() throws Exception;

        @BeforeEach
        void open() throws Exception {
            client = connect();
        }

        @AfterEach
        void close() {
            for (Taken taken : client.app().taken) {
                assertNothingFollowsAnEnd(taken.events);
            }
            client.close();
        }

        @Test
        void aRequestIsHeadDataAndOneEnd() {
            Taken request = request();
            client.data("a", false);
            client.data("b", true);
            assertEquals(List.of("a", "b"), texts(request.events));
            assertEquals(1, ends(request.events));
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
            assertEquals(List.of("a"), texts(request.events));
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
            assertResetOnce(client.app().last().events);
        }

        @Test
        void aClientThatGoesInsideItsBodyResetsTheRequestOnce() {
            Taken request = request();
            client.data("a", false);
            client.reset();
            assertResetOnce(request.events);
        }

        @Test
        void aClientThatGoesInsideTheResponseResetsTheRequestOnce() {
            client.head(true);
            Taken request = client.app().last();
            respond(request);
            request.stream.data(Heads.bytes("a"), false);
            client.reset();
            assertResetOnce(request.events);
        }

        @Test
        void aClientThatGoesIsToldAlsoToWhoHasPaused() {
            Taken request = request();
            request.stream.requestGate().pause();
            client.data("a", false);
            client.reset();
            assertResetOnce(request.events);
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
            assertDeaf(request.stream);
        }

        @Test
        void whatIsWrittenAfterTheEndIsReleasedAndGoesNowhere() {
            client.head(true);
            Taken request = client.app().last();
            request.stream.head(Heads.response(200), true);
            assertEquals(List.of("200", "|"), client.seen());
            assertDeaf(request.stream);
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
            assertDeaf(request.stream);
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
            assertEquals("abc", String.join("", texts(request.events)));
            assertEquals(1, ends(request.events));
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
            request.stream.data(Heads.zeros(FLOOD), false);
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
            ByteBuf queued = Heads.zeros(FLOOD);
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

    /** What holds for a {@link ClientStream} and its reader. */
    abstract static class ClientRules {
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
            assertNothingFollowsAnEnd(response.events);
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
            assertEquals(List.of("a", "b"), texts(response.events.subList(1, response.events.size())));
            assertEquals(1, ends(response.events));
        }

        @Test
        void aHeadMayBeTheWholeResponse() {
            endRequest();
            upstream.head(true);
            assertEquals(1, response.events.size());
            assertEquals(1, ends(response.events));
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
            assertEquals(1, ends(response.events));
            assertDeaf(stream);
            assertEquals(List.of("HEAD", "a", "cut"), upstream.seen());
        }

        @Test
        void anUpstreamThatGoesBeforeTheResponseResetsItOnce() {
            endRequest();
            upstream.seen();
            upstream.reset();
            assertResetOnce(response.events);
            assertDeaf(stream);
        }

        @Test
        void anUpstreamThatGoesInsideTheRequestResetsTheResponseOnce() {
            stream.data(Heads.bytes("a"), false);
            upstream.seen();
            upstream.reset();
            assertResetOnce(response.events);
            assertDeaf(stream);
        }

        @Test
        void anUpstreamThatGoesInsideTheResponseResetsItOnce() {
            endRequest();
            upstream.head(false);
            upstream.data("a", false);
            upstream.reset();
            assertEquals(List.of("200 []", "a"), response.events.subList(0, 2));
            assertResetOnce(response.events);
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
            assertDeaf(stream);
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
            assertEquals("abc", String.join("", texts(response.events.subList(1, response.events.size()))));
            assertEquals(1, ends(response.events));
        }

        @Test
        void aFullWriterIsToldOnceItTakesMore() {
            upstream.block(true);
            stream.data(Heads.zeros(FLOOD), false);
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
            ByteBuf queued = Heads.zeros(FLOOD);
            stream.data(queued, false);
            upstream.reset();
            upstream.seen();
            assertEquals(0, queued.refCnt());
        }

        private void endRequest() {
            stream.data(Heads.bytes(""), true);
        }
    }

    private static void assertDeaf(BodyWriter writer) {
        ByteBuf late = Heads.bytes("late");
        writer.data(late, false);
        assertEquals(0, late.refCnt());
        writer.trailers(Heads.headers("x-late", "1"));
        writer.reset(H1Server.ERROR);
        ByteBuf later = Heads.bytes("later");
        writer.data(later, true);
        assertEquals(0, later.refCnt());
    }

    private static void assertResetOnce(List<String> events) {
        assertEquals(
                1, events.stream().filter(event -> event.startsWith("reset")).count(), events.toString());
        assertTrue(events.get(events.size() - 1).startsWith("reset"), events.toString());
    }

    /** A reset may follow the end of the direction it is told in: it ends the other one. */
    private static void assertNothingFollowsAnEnd(List<String> events) {
        Predicate<String> isEnd = event -> event.endsWith("|") || event.startsWith("trailers");
        boolean ended = false;
        for (String event : events) {
            boolean ofOtherDirection = event.equals("writable") || event.startsWith("reset");
            assertTrue(!ended || ofOtherDirection, () -> "something follows an end: " + events);
            ended |= isEnd.test(event);
        }
    }

    private static List<String> texts(List<String> events) {
        return events.stream()
                .map(event -> event.endsWith("|") ? event.substring(0, event.length() - 1) : event)
                .filter(event -> !event.isEmpty())
                .toList();
    }

    private static long ends(List<String> events) {
        return events.stream()
                .filter(event -> event.endsWith("|") || event.startsWith("trailers"))
                .count();
    }
}
