package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.DrainEvent;
import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenRequests;
import dev.sluice.proxy.codec.TakenRequests.Taken;
import dev.sluice.proxy.codec.TestConnections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server connection goes away in two steps, and no request is lost by it. */
class H2DrainTest {
    private final TakenRequests requests = new TakenRequests();
    private final RawH2 client =
            RawH2.client(new H2ServerHandler(requests, TestConnections.DOWNSTREAM, CodecLimits.DEFAULT));

    @AfterEach
    void close() {
        client.close();
    }

    private void fire(DrainEvent event) {
        client.channel.pipeline().fireUserEventTriggered(event);
    }

    private static void answer(Taken request) {
        request.stream.head(Heads.response(200), true);
    }

    @Test
    void afterTheFirstStepRequestsAreStillTaken() {
        client.get(1);
        fire(DrainEvent.ANNOUNCE);
        assertEquals(List.of("GOAWAY 2147483647 NO_ERROR"), client.received());
        client.get(3);
        assertEquals(2, requests.taken.size());
        requests.taken.forEach(H2DrainTest::answer);
        assertEquals(List.of("HEADERS 1 :status=200 END", "HEADERS 3 :status=200 END"), client.received());
        assertFalse(client.isClosed());
    }

    @Test
    void theSecondStepNamesTheLastRequestAndWaitsForIt() {
        client.get(1).get(3);
        fire(DrainEvent.ANNOUNCE);
        fire(DrainEvent.CLOSE_IDLE);
        assertEquals(List.of("GOAWAY 2147483647 NO_ERROR", "GOAWAY 3 NO_ERROR"), client.received());
        answer(requests.taken.get(1));
        assertFalse(client.isClosed());
        answer(requests.taken.get(0));
        assertTrue(client.isClosed());
        assertEquals(List.of("HEADERS 3 :status=200 END", "HEADERS 1 :status=200 END"), client.received());
    }

    @Test
    void aBodyIsFinishedBeforeTheConnectionCloses() {
        client.settings(4, 0).get(1);
        Taken get = requests.last();
        get.stream.head(Heads.response(200), false);
        get.stream.data(Heads.bytes("abc"), true);
        fire(DrainEvent.ANNOUNCE);
        fire(DrainEvent.CLOSE_IDLE);
        client.received();
        assertFalse(client.isClosed());
        client.windowUpdate(1, 3);
        assertTrue(client.isClosed());
        assertEquals(List.of("DATA 1 abc END"), client.received());
    }

    @Test
    void anIdleConnectionClosesInTheSecondStep() {
        fire(DrainEvent.ANNOUNCE);
        assertFalse(client.isClosed());
        fire(DrainEvent.CLOSE_IDLE);
        assertTrue(client.isClosed());
        assertEquals(List.of("GOAWAY 2147483647 NO_ERROR", "GOAWAY 0 NO_ERROR"), client.received());
    }

    @Test
    void theSecondStepAloneWillDo() {
        client.get(1);
        fire(DrainEvent.CLOSE_IDLE);
        fire(DrainEvent.CLOSE_IDLE);
        answer(requests.last());
        assertEquals(List.of("GOAWAY 1 NO_ERROR", "HEADERS 1 :status=200 END"), client.received());
        assertTrue(client.isClosed());
    }

    /** Netty would take the DATA of a stream that it refused to create for a connection error. */
    @Test
    void aPostThatCrossesTheGoAwayHarmsNobody() {
        client.post(1);
        fire(DrainEvent.ANNOUNCE);
        fire(DrainEvent.CLOSE_IDLE);
        client.received();
        client.post(3).data(3, false, "a").data(3, true, "b").windowUpdate(3, 9);
        client.headers(5, false, RawH2.request("POST", "Upper", "x")).data(5, true, "c");
        client.data(1, true, "still here");
        assertEquals(1, requests.taken.size());
        assertEquals(List.of("still here|"), requests.last().events);
        answer(requests.last());
        List<String> said = client.received();
        assertEquals("HEADERS 1 :status=200 END", said.get(said.size() - 1));
        assertTrue(client.isClosed());
    }
}
