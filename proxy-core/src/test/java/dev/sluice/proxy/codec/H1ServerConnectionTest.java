package dev.sluice.proxy.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.RecordedRequests.Recorded;
import dev.sluice.proxy.stream.ErrorCode;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a client's connection lives, what is read of it when, and how it ends. */
class H1ServerConnectionTest {
    private static final int READ_AHEAD = CodecLimits.DEFAULT.buffers().readAhead();

    private final RecordedRequests app = new RecordedRequests();
    private PullChannel client;

    @BeforeEach
    void connect() throws Exception {
        client = H1Server.connect(app);
    }

    @AfterEach
    void close() {
        client.finishAndReleaseAll();
    }

    // ---- order

    @Test
    void pipelinedRequestsAreServedOneByOneInOrder() {
        client.send(get("/1") + get("/2") + get("/3"));
        assertEquals(1, app.requests.size());
        assertEquals("/1", app.last().head().path());
        app.last().reply(200, "one");
        client.runPendingTasks();
        assertEquals(2, app.requests.size());
        app.last().reply(200, "two");
        client.runPendingTasks();
        app.last().reply(200, "three");
        String responses = client.received();
        assertEquals(3, app.requests.size());
        assertTrue(
                responses.indexOf("one") < responses.indexOf("two")
                        && responses.indexOf("two") < responses.indexOf("three"),
                responses);
    }

    @Test
    void requestsThatAreAnsweredAtOnceAreServedWithoutRecursion() {
        app.onEach(request -> request.reply(200, ""));
        client.send(H1Server.GET.repeat(2_000));
        assertEquals(2_000, app.requests.size());
    }

    @Test
    void theNextRequestIsNotBegunInsideTheEndOfTheResponseBefore() {
        client.send(get("/1") + get("/2"));
        app.only().reply(200, "");
        assertEquals(1, app.requests.size());
        client.runPendingTasks();
        assertEquals(2, app.requests.size());
    }

    @Test
    void readingStopsWhenManyRequestsWait() {
        client.send(H1Server.GET);
        for (int i = 0; i < 100; i++) {
            client.send(get("/" + "x".repeat(1_000)));
        }
        assertEquals(1, app.requests.size());
        assertTrue(client.unread() > 100 * 1_000 - 2 * READ_AHEAD, client.unread() + " unread");
        app.onEach(request -> request.reply(200, ""));
        app.only().reply(200, "");
        client.runPendingTasks();
        assertEquals(101, app.requests.size());
        assertEquals(0, client.unread());
    }

    // ---- keep-alive

    @ParameterizedTest
    @ValueSource(strings = {"close", "Close", "keep-alive, close"})
    void theClientsCloseEndsTheConnectionAfterTheResponse(String option) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: " + option + "\r\n\r\n" + H1Server.GET);
        app.only().reply(200, "bye");
        String response = client.received();
        assertEquals("connection: close\r\n", H1Server.line(response, "connection"));
        assertTrue(client.isOutputShutdown());
        client.sendFin();
        assertFalse(client.isActive());
        assertEquals(1, app.requests.size());
    }

    @Test
    void anHttp10ClientGetsACloseDelimitedBody() {
        client.send("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTE: trailers\r\n\r\n");
        app.only().replyHead(200, -1);
        app.only().data("body", false);
        app.only().stream.trailers(Heads.headers("x-sum", "1"));
        assertEquals(
                "HTTP/1.1 200 OK\r\ndate: DATE\r\nconnection: close\r\n\r\nbody", H1Server.undated(client.received()));
        assertTrue(client.isOutputShutdown());
    }

    @Test
    void anHttp10ConnectionIsKeptOnlyWhenAskedFor() {
        client.send("GET / HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n");
        app.only().reply(200, "x");
        assertEquals("connection: keep-alive\r\n", H1Server.line(client.received(), "connection"));
        client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
        app.last().reply(200, "x");
        assertEquals("connection: close\r\n", H1Server.line(client.received(), "connection"));
        assertTrue(client.isOutputShutdown());
    }

    @Test
    void aResetOfACloseDelimitedBodyIsNoEnd() {
        client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
        app.only().replyHead(200, -1);
        app.only().data("part", false);
        client.received();
        app.only().stream.reset(H1Server.ERROR);
        client.runPendingTasks();
        assertFalse(client.isActive());
        assertFalse(client.isOutputShutdown(), "a FIN would be the end of the body");
    }

    @Test
    void anIdleConnectionIsClosedAfterItsTime() {
        client.send(H1Server.GET);
        app.only().reply(200, "");
        client.pass(3_599, TimeUnit.SECONDS);
        assertTrue(client.isActive());
        client.pass(2, TimeUnit.SECONDS);
        assertFalse(client.isActive());
    }

    @Test
    void aRequestInFlightIsNotIdle() {
        client.send(H1Server.GET);
        client.pass(5, TimeUnit.HOURS);
        app.only().reply(200, "");
        assertEquals(200, H1Server.status(client.received()));
        assertTrue(client.isActive());
    }

    // ---- bodies nobody wants, and closing

    @Test
    void theSmallRestOfABodyIsDroppedAndTheConnectionLivesOn() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
        app.only().reply(404, "no");
        assertEquals("", H1Server.line(client.received(), "connection"));
        client.send("67890" + H1Server.GET);
        assertEquals("12345", app.requests.get(0).body.toString());
        assertEquals(2, app.requests.size());
    }

    @Test
    void aRestThatDoesNotComeIsNotWaitedForLong() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
        app.only().reply(404, "no");
        client.received();
        client.pass(1_001, TimeUnit.MILLISECONDS);
        assertFalse(client.isActive());
    }

    @Test
    void aResponseThatEndsAheadOfABigBodyAnnouncesTheEndAndLingers() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n12345");
        app.only().reply(413, "too much");
        assertEquals("connection: close\r\n", H1Server.line(client.received(), "connection"));
        assertTrue(client.isOutputShutdown());
        client.send("x".repeat(60_000));
        assertTrue(client.isActive(), "a client still sending must be able to read the response");
        assertEquals(0, client.unread());
        client.send("x".repeat(6_000));
        assertFalse(client.isActive());
        assertEquals("12345", app.only().body.toString());
        assertNull(app.only().reset);
    }

    @Test
    void lingeringEndsAfterASecond() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n12345");
        app.only().reply(413, "too much");
        client.received();
        client.pass(999, TimeUnit.MILLISECONDS);
        assertTrue(client.isActive());
        client.pass(2, TimeUnit.MILLISECONDS);
        assertFalse(client.isActive());
    }

    @Test
    void aSlowReaderGetsItsResponseBeforeLingeringBegins() {
        client.blockWrites(true);
        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        app.only().reply(200, "late");
        client.runPendingTasks();
        client.pass(30, TimeUnit.SECONDS);
        assertTrue(client.isActive());
        assertFalse(client.isOutputShutdown());
        client.blockWrites(false);
        assertTrue(client.received().endsWith("late"));
        assertTrue(client.isOutputShutdown());
    }

    // ---- the client closes

    @Test
    void aClientThatShutsItsSendingSideDownStillGetsItsResponse() {
        client.send(H1Server.GET).sendFin();
        assertNull(app.only().reset);
        app.only().reply(200, "still here");
        String response = client.received();
        assertTrue(response.endsWith("still here"), response);
        assertEquals("connection: close\r\n", H1Server.line(response, "connection"));
        assertFalse(client.isActive());
    }

    @Test
    void requestsThatWereSentBeforeTheFinAreAllServed() {
        client.send(get("/1") + get("/2")).sendFin();
        app.last().reply(200, "");
        client.runPendingTasks();
        assertEquals(2, app.requests.size());
        assertTrue(client.isActive());
        app.last().reply(200, "");
        client.received();
        assertFalse(client.isActive());
    }

    @Test
    void aFinBetweenRequestsClosesTheConnection() {
        client.send(H1Server.GET);
        app.only().reply(200, "");
        client.sendFin();
        assertFalse(client.isActive());
        assertNull(app.only().reset);
    }

    @Test
    void aFinInsideABodyResetsTheRequest() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345")
                .sendFin();
        assertEquals(ErrorCode.CLIENT_GONE, app.only().reset.code());
        assertFalse(app.only().ended);
        assertFalse(client.isActive());
    }

    @Test
    void aResetByTheClientIsToldAtOnce() {
        client.send(H1Server.GET).sendReset();
        assertEquals(ErrorCode.CLIENT_GONE, app.only().reset.code());
        assertFalse(client.isActive());
        app.only().reply(200, "to nobody");
    }

    @Test
    void aResetAfterTheResponseIsNobodysBusiness() {
        client.send(H1Server.GET);
        app.only().reply(200, "");
        client.sendReset();
        assertNull(app.only().reset);
        assertFalse(client.isActive());
    }

    @Test
    void aResetIsNoticedWhileManyRequestsWait() {
        client.send(H1Server.GET).send("x".repeat(2 * READ_AHEAD));
        int reads = client.reads();
        client.pass(1, TimeUnit.SECONDS);
        assertEquals(reads + 1, client.reads(), "NIO notices a reset only when asked to read");
        client.sendReset();
        assertNotNull(app.only().reset);
    }

    @Test
    void lookingForAResetDoesNotHoldWithoutLimit() {
        client.send(H1Server.GET);
        for (int i = 0; i < 100; i++) {
            client.send("x".repeat(READ_AHEAD));
        }
        client.pass(1, TimeUnit.HOURS);
        int held = 100 * READ_AHEAD - client.unread();
        assertTrue(held <= 5 * READ_AHEAD, held + " held");
    }

    // ---- draining

    @Test
    void aDrainIsAnnouncedWithTheNextResponse() {
        client.send(H1Server.GET);
        client.pipeline().fireUserEventTriggered(DrainEvent.ANNOUNCE);
        app.only().reply(200, "");
        assertEquals("connection: close\r\n", H1Server.line(client.received(), "connection"));
        assertTrue(client.isOutputShutdown());
    }

    @Test
    void anIdleConnectionIsClosedInTheSecondStepOnly() {
        client.pipeline().fireUserEventTriggered(DrainEvent.ANNOUNCE);
        client.runPendingTasks();
        assertTrue(client.isActive() && !client.isOutputShutdown());
        client.pipeline().fireUserEventTriggered(DrainEvent.CLOSE_IDLE);
        client.runPendingTasks();
        assertTrue(client.isOutputShutdown());
    }

    @Test
    void aRequestInFlightOutlivesBothSteps() {
        client.send(H1Server.GET);
        client.pipeline().fireUserEventTriggered(DrainEvent.ANNOUNCE);
        client.pipeline().fireUserEventTriggered(DrainEvent.CLOSE_IDLE);
        app.only().reply(200, "done");
        assertTrue(client.received().endsWith("done"));
    }

    // ---- backpressure

    @Test
    void aPausedBodyIsNotReadBeyondALimitAndComesBackInOrder() {
        app.onEach(request -> request.stream.requestGate().pause());
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            String piece = String.valueOf((char) ('a' + i % 26)).repeat(10_000);
            sent.append(piece);
            client.send(piece);
        }
        assertEquals(0, app.only().body.length());
        assertTrue(client.unread() > 1_000_000 - 2 * READ_AHEAD, client.unread() + " unread");
        app.only().stream.requestGate().resume();
        client.runPendingTasks();
        assertEquals(sent.toString(), app.only().body.toString());
        assertTrue(app.only().ended);
    }

    @Test
    void aBodyPausedInTheMiddleOfAReadStopsThere() {
        client.send(H1Server.chunkedPost(""));
        Recorded request = app.only();
        request.onNextData(() -> request.stream.requestGate().pause());
        client.send("1\r\na\r\n1\r\nb\r\n0\r\n\r\n");
        assertEquals("a", request.body.toString());
        request.stream.requestGate().resume();
        assertEquals("ab", request.body.toString());
        assertTrue(request.ended);
    }

    @Test
    void aFinBehindAPausedBodyWaitsForItsTurn() {
        app.onEach(request -> request.stream.requestGate().pause());
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
                .sendFin();
        assertNull(app.only().reset);
        app.only().stream.requestGate().resume();
        assertEquals("abc", app.only().body.toString());
        assertTrue(app.only().ended);
        app.only().reply(200, "ok");
        assertTrue(client.received().endsWith("ok"));
    }

    @Test
    void aResponseIsToldWhenItMayGoOn() {
        client.blockWrites(true);
        client.send(H1Server.GET);
        Recorded request = app.only();
        request.replyHead(200, -1);
        assertTrue(request.stream.isWritable());
        request.data("x".repeat(70_000), false);
        assertFalse(request.stream.isWritable());
        assertEquals(0, request.writableCalls);
        client.blockWrites(false);
        assertEquals(1, request.writableCalls);
        assertTrue(request.stream.isWritable());
    }

    @Test
    void whoNeverSawItFullIsNotTold() {
        client.blockWrites(true);
        client.send(H1Server.GET);
        app.only().replyHead(200, -1);
        app.only().data("x".repeat(70_000), false);
        client.blockWrites(false);
        assertEquals(0, app.only().writableCalls);
    }

    // ---- faults of ours

    @Test
    void aFaultInAnExchangeClosesItsConnectionOnly() {
        app.onEach(request -> {
            throw new IllegalStateException("thrown by a test");
        });
        client.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                throw new AssertionError("must be handled by the codec", cause);
            }
        });
        client.send(H1Server.GET);
        assertFalse(client.isActive());
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }
}
