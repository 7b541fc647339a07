package dev.sluice.proxy.codec.http1.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.DrainEvent;
import dev.sluice.proxy.codec.PullChannel;
import dev.sluice.proxy.stream.ErrorCode;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a client's connection ends: by the client, by its time, by a drain, by a body that nobody wants. */
class H1ServerCloseTest {
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

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
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
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n12345");
        app.only().reply(413, "late");
        client.runPendingTasks();
        client.pass(30, TimeUnit.SECONDS);
        assertTrue(client.isActive());
        assertFalse(client.isOutputShutdown());
        client.blockWrites(false);
        assertTrue(client.received().endsWith("late"));
        assertTrue(client.isOutputShutdown());
    }

    @Test
    void aClientThatIsDoneIsClosedAsSoonAsItsResponseIsSent() {
        client.blockWrites(true);
        client.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        app.only().reply(200, "late");
        client.runPendingTasks();
        client.pass(30, TimeUnit.SECONDS);
        assertTrue(client.isActive());
        client.blockWrites(false);
        assertTrue(client.received().endsWith("late"));
        assertFalse(client.isActive());
    }

    @Test
    void aClientThatSaysItIsDoneAndGoesOnSendingIsLingeredFor() {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nand more");
        app.only().reply(200, "x");
        assertTrue(client.received().endsWith("x"));
        assertTrue(client.isOutputShutdown());
        assertTrue(client.isActive());
        assertEquals(1, app.requests.size());
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
}
