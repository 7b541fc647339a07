package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenRequests;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frames that a stream's state does not allow, and requests that are refused while they still arrive. */
class H2StreamStatesTest {
    private final H2Server server = new H2Server();
    private final TakenRequests requests = server.requests;
    private final RawH2 client = server.client;

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void aMalformedRequestWithABodyDoesNotEndTheConnection() {
        client.post(1, "Upper", "x").data(1, false, "a").data(1, true, "b").headers(3, false, RawH2.request("G T"));
        client.data(3, true, "c");
        assertEquals(List.of("RST_STREAM 1 PROTOCOL_ERROR", "RST_STREAM 3 PROTOCOL_ERROR"), client.received());
        client.get(5);
        assertEquals(1, requests.taken.size());
    }

    @Test
    void aRequestBeyondTheStreamLimitIsRefusedAndItsBodyDropped() {
        for (int i = 0; i < 100; i++) {
            client.post(1 + 2 * i);
        }
        client.post(201).data(201, false, "a").data(201, true, "b");
        assertEquals(List.of("RST_STREAM 201 REFUSED_STREAM"), client.received());
        assertEquals(100, requests.taken.size());
        assertEquals(List.of(), requests.reset);
        requests.taken.get(0).stream.head(Heads.response(200), true);
        client.post(203);
        assertEquals(101, requests.taken.size());
    }

    @Test
    void b62AHeaderListLimitOfOneDoesNotKeepResponsesBack() {
        client.settings(6, 1).get(1);
        requests.last().stream.head(Heads.response(200, "server", "x"), true);
        assertEquals(List.of("HEADERS 1 :status=200 server=x END"), client.received());
    }

    @Test
    void aRefusedRequestWithABodyIsAnsweredAndItsBodyDropped() {
        client.headers(1, false, RawH2.request("TRACE")).data(1, true, "x");
        assertEquals(List.of("HEADERS 1 :status=405 END", "RST_STREAM 1 NO_ERROR"), client.received());
    }

    @Test
    void headersAfterTheEndOfARequestResetTheStream() {
        client.get(1).get(1);
        assertEquals(List.of("RST_STREAM 1 STREAM_CLOSED"), client.received());
        assertEquals(List.of("reset BAD_REQUEST"), requests.last().events);
    }

    @Test
    void headersOfAClosedStreamEndTheConnection() {
        client.get(1);
        requests.last().stream.head(Heads.response(200), true);
        client.received();
        client.get(1);
        assertEquals(List.of("GOAWAY 2147483647 STREAM_CLOSED"), client.received());
    }

    @Test
    void anIdThatWasPassedOverEndsTheConnection() {
        client.get(5).get(3);
        assertEquals(List.of("GOAWAY 2147483647 PROTOCOL_ERROR"), client.received());
    }

    @Test
    void trailersThatCrossOurResetAreDropped() {
        client.post(1).post(3, "Upper", "x").post(7, "Upper", "x");
        requests.last().stream.reset(ProxyError.proxy(ErrorCode.LOCAL_RESET, ""));
        client.received();
        client.headers(1, true, "x-sum", "1").headers(3, true, "x-sum", "1").headers(7, true, "x-sum", "1");
        assertEquals(List.of(), client.received());
        assertFalse(client.isClosed());
    }

    @Test
    void framesOfAnIdleStreamEndTheConnection() {
        client.frame(RawH2.DATA, 0, 9, Unpooled.buffer().writeByte(1));
        assertEquals("GOAWAY 2147483647 PROTOCOL_ERROR", client.received().get(0));
    }
}
