package dev.sluice.proxy.codec.http1.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.PullChannel;
import dev.sluice.proxy.codec.TakenResponse;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError.RetryVerdict;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import io.netty.channel.ChannelFuture;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that close a connection, and what that says about the request on it (spec/reliability.md B37 to B41, B43). */
class H1ClientCloseTest {
    private H1Client client;
    private PullChannel upstream;

    @BeforeEach
    void connect() throws Exception {
        client = new H1Client();
        upstream = client.upstream;
    }

    @AfterEach
    void close() {
        upstream.finishAndReleaseAll();
    }

    // ---- truncated responses (B37)

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabcd",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabcd",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\nx: y\r\n",
            })
    void aBodyThatIsCutShortIsResetAndNeverEnded(String response) {
        TakenResponse taken = client.get();
        upstream.send(response).sendFin();
        assertEquals(ErrorCode.UPSTREAM_CLOSED, taken.reset.code());
        assertEquals(RetryVerdict.UNKNOWN, taken.reset.retry());
        assertTrue(taken.events.stream().noneMatch(event -> event.endsWith("|")), taken.events.toString());
        assertFalse(upstream.isActive());
    }

    @Test
    void aResetIsNotTheEndOfABodyThatEndsWithTheConnection() {
        TakenResponse taken = client.get();
        upstream.send("HTTP/1.1 200 OK\r\n\r\nhello").sendReset();
        assertEquals(List.of("200 []", "hello", "reset UPSTREAM_CLOSED"), taken.events);
    }

    @Test
    void aHeadThatIsCutShortIsReset() {
        TakenResponse taken = client.get();
        upstream.send("HTTP/1.1 200 OK\r\ncontent-le").sendFin();
        assertEquals(List.of("reset UPSTREAM_CLOSED"), taken.events);
    }

    // ---- what is known about the request (B43)

    @Test
    void aCloseBeforeTheRequestWasSentSaysItWasNotProcessed() {
        TakenResponse taken = new TakenResponse();
        ClientStream stream = client.connection.open(taken);
        upstream.sendFin();
        assertEquals(RetryVerdict.NOT_PROCESSED, taken.reset.retry());
        stream.head(H1Client.get("/"), HeaderOverlay.NONE, true);
        assertEquals("", upstream.received());
    }

    @Test
    void aCloseOfAFreshConnectionSaysNothing() {
        TakenResponse taken = client.get();
        upstream.received();
        upstream.sendFin();
        assertEquals(RetryVerdict.UNKNOWN, taken.reset.retry());
        assertEquals(ErrorCode.UPSTREAM_CLOSED, taken.reset.code());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCloseOfAReusedConnectionBeforeTheFirstByteIsMostLikelyItsIdleClose(boolean byReset) {
        client.get();
        upstream.send(H1Client.OK);
        TakenResponse taken = client.get();
        if (byReset) {
            upstream.sendReset();
        } else {
            upstream.sendFin();
        }
        assertEquals(RetryVerdict.REUSED_CONNECTION, taken.reset.retry());
        assertEquals(List.of("available", "closed"), client.told);
    }

    @Test
    void aCloseOfAReusedConnectionAfterTheFirstByteSaysNothing() {
        client.get();
        upstream.send(H1Client.OK);
        TakenResponse taken = client.get();
        upstream.send("H").sendFin();
        assertEquals(RetryVerdict.UNKNOWN, taken.reset.retry());
    }

    @Test
    void a408ToARequestOnAReusedConnectionIsItsIdleClose() {
        client.get();
        upstream.send(H1Client.OK);
        TakenResponse taken = client.get();
        upstream.send("HTTP/1.1 408 Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
        assertEquals(List.of("reset UPSTREAM_CLOSED"), taken.events);
        assertEquals(RetryVerdict.REUSED_CONNECTION, taken.reset.retry());
        assertFalse(upstream.isActive());
    }

    @Test
    void a408ToTheFirstRequestOrToASlowUploadIsMeant() {
        TakenResponse first = client.get();
        upstream.send("HTTP/1.1 408 Timeout\r\ncontent-length: 0\r\n\r\n");
        assertEquals(408, first.head.status());
        TakenResponse upload = new TakenResponse();
        client.start(upload, H1Client.request("POST", "/", 10).build());
        upstream.send("HTTP/1.1 408 Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
        assertEquals(408, upload.head.status());
    }

    // ---- bytes nobody asked for (B38, B39, B41)

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno", "HTTP/1.1 408 Timeout\r\n\r\n", "\r\n", "x"})
    void bytesOnAnIdleConnectionCloseIt(String bytes) {
        client.get();
        upstream.send(H1Client.OK);
        upstream.send(bytes);
        assertEquals(0, client.connection.openableStreams());
        assertFalse(upstream.isActive());
        assertEquals(List.of("available", "closed"), client.told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno", "x", "\r\n"})
    void bytesAfterTheEndOfAResponseCloseTheConnectionAndReachNobody(String bytes) {
        TakenResponse taken = client.get();
        upstream.send(H1Client.OK + bytes);
        assertEquals(List.of("200 [content-length: 2]", "ok|"), taken.events);
        assertFalse(upstream.isActive());
        assertEquals(List.of("closed"), client.told);
    }

    @Test
    void bytesBeforeTheRequestWasWrittenCloseTheConnection() {
        TakenResponse taken = new TakenResponse();
        client.connection.open(taken);
        upstream.send(H1Client.OK);
        assertEquals(RetryVerdict.NOT_PROCESSED, taken.reset.retry());
        assertNull(taken.head);
        assertFalse(upstream.isActive());
    }

    @Test
    void anIdleCloseIsTold() {
        client.get();
        upstream.send(H1Client.OK);
        upstream.sendFin();
        assertEquals(List.of("available", "closed"), client.told);
        assertEquals(0, client.connection.openableStreams());
    }

    @Test
    void aResponseHeldWhenTheUpstreamResetsIsStillDelivered() {
        TakenResponse taken = new TakenResponse();
        ClientStream stream = client.connection.open(taken);
        stream.head(H1Client.get("/"), HeaderOverlay.NONE, true);
        stream.responseGate().pause();
        upstream.send(H1Client.OK).sendReset();
        ChannelFuture unused = upstream.close();
        upstream.runPendingTasks();
        assertEquals(List.of(), taken.events);
        assertEquals(List.of(), client.told, "closed is told after its streams are");
        stream.responseGate().resume();
        assertEquals(List.of("200 [content-length: 2]", "ok|"), taken.events);
        assertEquals(List.of("closed"), client.told);
    }

    @Test
    void aResponseHeldButCutShortIsResetWhenItsReaderGetsThere() {
        TakenResponse taken = new TakenResponse();
        ClientStream stream = client.connection.open(taken);
        stream.head(H1Client.get("/"), HeaderOverlay.NONE, true);
        stream.responseGate().pause();
        upstream.send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc").sendFin();
        stream.responseGate().resume();
        assertEquals(List.of("200 [content-length: 5]", "abc", "reset UPSTREAM_CLOSED"), taken.events);
    }
}
