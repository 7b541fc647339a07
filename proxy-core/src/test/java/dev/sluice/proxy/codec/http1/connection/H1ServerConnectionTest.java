package dev.sluice.proxy.codec.http1.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.PullChannel;
import dev.sluice.proxy.codec.http1.connection.RecordedRequests.Recorded;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the requests of a client's connection follow each other, and what is read of it when. */
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
        assertFalse(client.isActive());
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
