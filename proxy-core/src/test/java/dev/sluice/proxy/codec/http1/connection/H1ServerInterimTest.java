package dev.sluice.proxy.codec.http1.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.PullChannel;
import dev.sluice.proxy.codec.http1.connection.RecordedRequests.Recorded;
import dev.sluice.proxy.stream.ErrorCode;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Responses before the response: 100, 103, and 101 with the tunnel behind it. */
class H1ServerInterimTest {
    private static final String EXPECTING =
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    private static final String UPGRADE =
            "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n"
                    .concat("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

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

    @Test
    void anExpectationIsForwardedAndItsContinueRelayedOnce() {
        client.send(EXPECTING);
        Recorded request = app.only();
        assertTrue(request.head().expectContinue());
        assertEquals("100-continue", request.header("expect"));
        request.stream.informational(RecordedRequests.responseHead(100, -1));
        assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.received());
        request.stream.informational(RecordedRequests.responseHead(100, -1));
        assertEquals("", client.received());
        client.send("hi");
        request.reply(200, "ok");
        assertEquals("hi", request.body.toString());
        assertEquals("", H1Server.line(client.received(), "connection"));
    }

    @Test
    void aFinalAnswerInsteadOfTheContinueEndsTheConnectionAsTheBodyMayCome() {
        client.send(EXPECTING);
        app.only().reply(417, "");
        assertEquals("connection: close\r\n", H1Server.line(client.received(), "connection"));
        client.send("hi" + H1Server.GET);
        assertEquals(1, app.requests.size());
    }

    @Test
    void anEmptyExpectationIsNone() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: \r\n\r\nhi");
        assertFalse(app.only().head().expectContinue());
        assertNull(app.only().header("expect"));
    }

    @Test
    void withoutABodyThereIsNothingToExpect() {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n");
        assertFalse(app.only().head().expectContinue());
        assertNull(app.only().header("expect"));
    }

    @Test
    void anHttp10ClientGetsNoInformationalResponse() {
        client.send("POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nhi");
        assertFalse(app.only().head().expectContinue());
        app.only().stream.informational(RecordedRequests.responseHead(103, -1));
        assertEquals("", client.received());
    }

    @Test
    void earlyHintsAreRelayedBeforeTheResponseAndNotAfter() {
        client.send(H1Server.GET);
        Recorded request = app.only();
        request.stream.informational(RecordedRequests.responseHead(103, -1, "link", "</a>"));
        assertEquals("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n", client.received());
        request.replyHead(200, 0);
        client.received();
        request.stream.informational(RecordedRequests.responseHead(103, -1));
        assertEquals("", client.received());
    }

    @Test
    void anUpgradeToWebsocketIsTold() {
        client.send(UPGRADE);
        assertEquals("websocket", app.only().head().upgrade());
        assertFalse(app.only().ended, "the tunnel's bytes are to come");
        assertNull(app.only().header("upgrade"));
    }

    @Test
    void otherUpgradesAreTakenOff() {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                .concat("HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"));
        assertNull(app.only().head().upgrade());
        assertEquals(0, app.only().head().headers().size());
        assertTrue(app.only().ended);
    }

    @Test
    void anUpgradeThatConnectionDoesNotNameIsNone() {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n");
        assertNull(app.only().head().upgrade());
    }

    @Test
    void after101BytesFlowBothWaysAndThoseSentTooEarlyAreNotLost() {
        client.send(UPGRADE + "early");
        Recorded request = app.only();
        assertEquals("", request.body.toString());
        request.replyHead(101, -1, "sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertEquals(
                "HTTP/1.1 101 Switching Protocols\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
                        .concat("date: DATE\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"),
                H1Server.undated(client.received()));
        assertEquals("early", request.body.toString());
        client.send("GET / HTTP/1.1\r\n\r\n");
        assertEquals("earlyGET / HTTP/1.1\r\n\r\n", request.body.toString());
        request.data("raw", false);
        assertEquals("raw", client.received());
        assertEquals(1, app.requests.size());
    }

    @Test
    void anAnswerFromHttp2GetsTheKeysHash() {
        client.send(UPGRADE);
        app.only().stream.head(Heads.response(101), false);
        assertEquals(
                "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n",
                H1Server.line(client.received(), "sec-websocket-accept"));
    }

    @Test
    void anAnswerFromHttp1ThatLacksTheKeysHashStaysWithout() {
        client.send(UPGRADE);
        app.only().replyHead(101, -1);
        assertFalse(client.received().contains("sec-websocket-accept"));
    }

    @Test
    void aRefusedUpgradeIsAnOrdinaryResponseAndWhatFollowsTheNextRequest() {
        client.send(UPGRADE + H1Server.GET);
        app.only().reply(403, "no");
        assertEquals("", H1Server.line(client.received(), "connection"));
        assertEquals(2, app.requests.size());
        assertEquals("/", app.last().head().path());
        assertEquals("", app.requests.get(0).body.toString());
    }

    @Test
    void theClientsHalfCloseIsToldAndTheOtherHalfFlowsOn() {
        Recorded request = tunnel();
        client.send("bye").sendFin();
        assertEquals("bye", request.body.toString());
        assertTrue(request.ended);
        request.data("more", false);
        assertEquals("more", client.received());
        assertTrue(client.isActive());
        request.data("", true);
        client.runPendingTasks();
        assertFalse(client.isActive());
    }

    @Test
    void theUpstreamsHalfCloseIsPassedOnAndTheClientMayGoOn() {
        Recorded request = tunnel();
        request.data("bye", true);
        assertEquals("bye", client.received());
        assertTrue(client.isOutputShutdown());
        client.send("more");
        assertEquals("more", request.body.toString());
        client.sendFin();
        assertTrue(request.ended);
        assertFalse(client.isActive());
    }

    @Test
    void aResetInATunnelIsToldAndPassedOn() {
        Recorded request = tunnel();
        client.sendReset();
        assertEquals(ErrorCode.CLIENT_GONE, request.reset.code());
        assertFalse(request.ended);
    }

    @Test
    void aResetAfterOneHalfHasEndedIsToldToo() {
        Recorded request = tunnel();
        request.data("", true);
        client.sendReset();
        assertNotNull(request.reset);
    }

    @Test
    void aPausedTunnelHoldsLittleAndItsEndComesLast() {
        Recorded request = tunnel();
        request.stream.requestGate().pause();
        for (int i = 0; i < 50; i++) {
            client.send("x".repeat(10_000));
        }
        client.sendFin();
        assertTrue(client.unread() > 400_000, client.unread() + " unread");
        assertEquals("", request.body.toString());
        request.stream.requestGate().resume();
        client.runPendingTasks();
        assertEquals(500_000, request.body.length());
        assertTrue(request.ended);
    }

    @Test
    void anEndedHalfIsNotToldWhilePaused() {
        Recorded request = tunnel();
        request.stream.requestGate().pause();
        client.sendFin();
        assertFalse(request.ended);
        request.stream.requestGate().resume();
        assertTrue(request.ended);
    }

    @Test
    void anIdleTunnelIsClosedAndOneThatIsUsedIsNot() {
        Recorded request = tunnel();
        for (int i = 0; i < 4; i++) {
            client.pass(50, TimeUnit.MINUTES);
            request.data("ping", false);
            client.pass(50, TimeUnit.MINUTES);
            client.send("pong");
        }
        assertNull(request.reset);
        client.pass(61, TimeUnit.MINUTES);
        assertEquals(ErrorCode.STREAM_IDLE_TIMEOUT, request.reset.code());
        assertFalse(client.isActive());
    }

    private Recorded tunnel() {
        client.send(UPGRADE);
        app.only().replyHead(101, -1);
        client.received();
        return app.only();
    }
}
