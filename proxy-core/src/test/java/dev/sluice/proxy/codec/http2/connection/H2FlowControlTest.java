package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenRequests;
import dev.sluice.proxy.codec.TakenRequests.Taken;
import dev.sluice.proxy.codec.TestConnections;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Windows, gates and marks: who is slow costs the others nothing, and us one window. */
class H2FlowControlTest {
    private static final int WINDOW = 65_536;
    private static final int FRAME = 16_384;

    private final TakenRequests requests = new TakenRequests();
    private final RawH2 client =
            RawH2.client(new H2ServerHandler(requests, TestConnections.DOWNSTREAM, CodecLimits.DEFAULT));

    @AfterEach
    void close() {
        client.close();
    }

    private void fillWindow(int stream) {
        for (int sent = 0; sent < WINDOW; sent += FRAME) {
            client.frame(RawH2.DATA, 0, stream, Heads.zeros(FRAME));
        }
    }

    private List<String> windowUpdates(int stream) {
        return client.allReceived().stream()
                .filter(line -> line.startsWith("WINDOW_UPDATE " + stream + " "))
                .toList();
    }

    // ---- reading

    @Test
    void anOpenGateReturnsTheWindowAsBytesAreHandedOn() {
        client.post(1);
        fillWindow(1);
        assertEquals(List.of("WINDOW_UPDATE 1 32768", "WINDOW_UPDATE 1 32768"), windowUpdates(1));
        assertEquals(4, requests.last().events.size());
    }

    @Test
    void aPausedGateHoldsBackOneWindowAndNotMore() {
        client.post(1);
        Taken post = requests.last();
        post.stream.requestGate().pause();
        fillWindow(1);
        assertEquals(List.of(), post.events);
        assertEquals(List.of(), windowUpdates(1));
        client.frame(RawH2.DATA, 0, 1, Heads.zeros(1));
        assertEquals(List.of("RST_STREAM 1 FLOW_CONTROL_ERROR"), client.received());
        assertEquals(List.of("reset BAD_REQUEST"), post.events);
    }

    @Test
    void resumingHandsOnWhatWasHeldAndReturnsTheWindow() {
        client.post(1);
        Taken post = requests.last();
        post.stream.requestGate().pause();
        fillWindow(1);
        client.data(1, true, "end");
        // "end" is beyond the window; so is a sender that does not wait for it.
        assertEquals(List.of("reset BAD_REQUEST"), post.events);

        client.post(3);
        Taken second = requests.last();
        second.stream.requestGate().pause();
        client.data(3, false, "a").data(3, false, "b").data(3, true, "c");
        assertEquals(List.of(), second.events);
        second.stream.requestGate().resume();
        assertEquals(List.of("abc|"), second.events);
    }

    @Test
    void aPausedStreamStallsNoOther() {
        // More than the connection's window of 1 MiB is held back, by 20 streams of 64 KiB.
        for (int i = 0; i < 20; i++) {
            client.post(1 + 2 * i);
            requests.last().stream.requestGate().pause();
            fillWindow(1 + 2 * i);
        }
        client.post(41).data(41, true, "through");
        assertEquals(List.of("through|"), requests.last().events);
        assertEquals(List.of(), client.received());
    }

    @Test
    void theEndIsHeldBackToo() {
        client.post(1);
        Taken post = requests.last();
        post.stream.requestGate().pause();
        client.data(1, true, "");
        assertEquals(List.of(), post.events);
        post.stream.requestGate().resume();
        assertEquals(List.of("|"), post.events);
    }

    @Test
    void trailersAreHeldBackToo() {
        client.post(1);
        Taken post = requests.last();
        post.stream.requestGate().pause();
        client.data(1, false, "a").headers(1, true, "x-sum", "1");
        assertEquals(List.of(), post.events);
        post.stream.requestGate().resume();
        assertEquals(List.of("a", "trailers [x-sum: 1]"), post.events);
    }

    @Test
    void whatWasHeldIsHandedOnAfterTheConnectionIsGone() {
        client.post(1);
        Taken post = requests.last();
        post.stream.head(Heads.response(200), false);
        post.stream.requestGate().pause();
        client.data(1, true, "a");
        post.stream.requestGate().resume();
        assertEquals(List.of("a|"), post.events);
    }

    @Test
    void aResetIsToldThroughAPausedGateAndWhatWasHeldIsDropped() {
        client.post(1);
        Taken post = requests.last();
        post.stream.requestGate().pause();
        client.data(1, false, "a").rst(1, Http2Error.CANCEL);
        assertEquals(List.of("reset CLIENT_GONE"), post.events);
        post.stream.requestGate().resume();
        assertEquals(List.of("reset CLIENT_GONE"), post.events);
    }

    @Test
    void aReaderMayPauseInTheMiddleOfAResume() {
        client.post(1);
        Taken post = requests.last();
        post.stream.requestGate().pause();
        // Too large to be copied together.
        client.frame(RawH2.DATA, 0, 1, Heads.zeros(5000)).frame(RawH2.DATA, 0, 1, Heads.zeros(5000));
        post.onEvent = event -> post.stream.requestGate().pause();
        post.stream.requestGate().resume();
        assertEquals(List.of("<5000>"), post.events);
        post.stream.requestGate().resume();
        assertEquals(List.of("<5000>", "<5000>"), post.events);
    }

    @Test
    void aThousandTinyFramesAreHeldInOneBuffer() {
        client.post(1);
        Taken post = requests.last();
        post.stream.requestGate().pause();
        for (int i = 0; i < 1000; i++) {
            client.data(1, false, "x");
        }
        post.stream.requestGate().resume();
        assertEquals(List.of("<1000>"), post.events);
    }

    @Test
    void paddingIsReturnedAtOnce() {
        client.post(1);
        requests.last().stream.requestGate().pause();
        int returned = 0;
        for (int i = 0; i < 150; i++) {
            client.frame(
                    RawH2.DATA,
                    8,
                    1,
                    Unpooled.buffer().writeByte(255).writeByte('x').writeZero(255));
            for (String line : windowUpdates(1)) {
                returned += Integer.parseInt(line.substring("WINDOW_UPDATE 1 ".length()));
            }
        }
        assertTrue(returned > 32_000, "returned " + returned);
    }

    @Test
    void afterAnEarlyResponseTheWindowStaysShut() {
        client.settings(4, 0).post(1);
        Taken post = requests.last();
        // The end of the response waits for the client's window.
        post.stream.head(Heads.response(413), false);
        post.stream.data(Heads.bytes("too much"), true);
        fillWindow(1);
        assertEquals(List.of(), windowUpdates(1));
        assertEquals(List.of(), post.events);
    }

    // ---- writing

    @Test
    void aWriterIsFullAtTheHighMarkAndToldBelowTheLowOne() {
        client.settings(4, 0).get(1);
        Taken get = requests.last();
        get.stream.head(Heads.response(200), false);
        get.stream.data(Heads.zeros(65_535), false);
        assertTrue(get.stream.isWritable());
        get.stream.data(Heads.zeros(1), false);
        assertFalse(get.stream.isWritable());
        client.windowUpdate(1, 32_767);
        assertEquals(List.of(), get.events);
        client.windowUpdate(1, 1);
        assertEquals(List.of("writable"), get.events);
        assertTrue(get.stream.isWritable());
    }

    @Test
    void aWriterThatWasNeverSeenFullIsNotTold() {
        client.settings(4, 0).get(1);
        Taken get = requests.last();
        get.stream.head(Heads.response(200), false);
        get.stream.data(Heads.zeros(100_000), false);
        client.windowUpdate(1, 100_000).windowUpdate(0, 100_000);
        assertEquals(List.of(), get.events);
    }

    @Test
    void whoIsToldMayWriteAtOnce() {
        client.settings(4, 0).get(1);
        Taken get = requests.last();
        get.stream.head(Heads.response(200), false);
        get.stream.data(Heads.zeros(WINDOW), false);
        assertFalse(get.stream.isWritable());
        get.onWritable = () -> get.stream.data(Heads.bytes("last"), true);
        client.received();
        client.windowUpdate(0, WINDOW).windowUpdate(1, WINDOW + 4);
        List<String> lines = client.received();
        assertEquals("DATA 1 last END", lines.get(lines.size() - 1));
        assertEquals(List.of("writable"), get.events);
    }

    @Test
    void aSlowStreamLeavesTheConnectionToOthers() {
        client.settings(4, 100).get(1).get(3);
        for (Taken request : requests.taken) {
            request.stream.head(Heads.response(200), false);
            request.stream.data(Heads.zeros(1000), true);
        }
        client.received();
        client.windowUpdate(3, 900);
        assertEquals(List.of("DATA 3 <900> END"), client.received());
    }

    @Test
    void framesAreNoLargerThanThePeerAllows() {
        client.get(1).windowUpdate(1, 1_000_000).windowUpdate(0, 1_000_000);
        requests.last().stream.head(Heads.response(200), false);
        requests.last().stream.data(Heads.zeros(40_000), true);
        assertEquals(
                List.of("HEADERS 1 :status=200", "DATA 1 <16384>", "DATA 1 <16384>", "DATA 1 <7232> END"),
                client.received());
    }

    @Test
    void trailersWaitForTheDataBeforeThem() {
        client.settings(4, 0).get(1);
        Taken get = requests.last();
        get.stream.head(Heads.response(200), false);
        get.stream.data(Heads.bytes("ab"), false);
        get.stream.trailers(Heads.headers("grpc-status", "0"));
        assertEquals(List.of("HEADERS 1 :status=200"), client.received());
        client.windowUpdate(1, 1);
        assertEquals(List.of("DATA 1 a"), client.received());
        client.windowUpdate(1, 1);
        assertEquals(List.of("DATA 1 b", "HEADERS 1 grpc-status=0 END"), client.received());
    }

    @Test
    void anEndWithoutDataNeedsNoWindow() {
        client.settings(4, 0).get(1);
        requests.last().stream.head(Heads.response(200), false);
        requests.last().stream.data(Unpooled.EMPTY_BUFFER, true);
        assertEquals(List.of("HEADERS 1 :status=200", "DATA 1 END"), client.received());
    }

    @Test
    void largeHeadersAreContinued() {
        client.get(1);
        requests.last().stream.head(Heads.response(200, "a", "x".repeat(40_000)), true);
        String line = client.received().get(0);
        assertTrue(line.startsWith("HEADERS 1 :status=200 a=xxx") && line.endsWith(" END"));
        assertEquals(40_000, line.length() - "HEADERS 1 :status=200 a= END".length());
    }

    @Test
    void whatIsQueuedIsReleasedWithTheConnection() {
        client.settings(4, 0).get(1);
        ByteBuf stuck = Heads.bytes("stuck");
        requests.last().stream.head(Heads.response(200), false);
        requests.last().stream.data(stuck, true);
        client.disconnect();
        assertEquals(0, stuck.refCnt());
        assertEquals(List.of(), requests.last().events);
    }

    @Test
    void writesAfterTheEndAreReleased() {
        client.get(1);
        ByteBuf late = Heads.bytes("late");
        requests.last().stream.head(Heads.response(200), true);
        requests.last().stream.data(late, true);
        assertEquals(0, late.refCnt());
    }
}
