package dev.sluice.proxy.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.TakenRequests.Taken;
import dev.sluice.proxy.codec.http1.connection.H1Server;
import dev.sluice.proxy.codec.http1.connection.H1ServerHandler;
import dev.sluice.proxy.codec.http2.connection.H2ServerHandler;
import dev.sluice.proxy.overload.LoopMemory;
import dev.sluice.proxy.overload.MemoryPressure;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** While memory is short a connection holds little, and what holds much when it has run out is ended. */
class TightMemoryTest {
    private static final int TIGHT = 600;
    private static final int OVERFULL = 900;

    private final AtomicLong used = new AtomicLong();
    private final MemoryPressure pressure = new MemoryPressure(used::get, 1_000);
    private final TakenRequests requests = new TakenRequests();

    private UsesMemory http1() {
        ChannelConnection client =
                new ChannelConnection(new InetSocketAddress(1), new InetSocketAddress(2), false, null);
        return new UsesMemory(pressure, new H1ServerHandler(requests, client, CodecLimits.DEFAULT));
    }

    private UsesMemory http2() {
        return new UsesMemory(pressure, new H2ServerHandler(requests, TestConnections.DOWNSTREAM, CodecLimits.DEFAULT));
    }

    @Test
    void anHttp1ResponseGoesOnWhenTheSocketHasTakenAllOfIt() throws Exception {
        PullChannel client = new PullChannel(http1());
        client.send(H1Server.GET);
        Taken get = requests.last();
        get.stream.head(Heads.response(200), false);
        client.blockWrites(true);
        get.stream.data(Heads.zeros(10), false);
        assertTrue(get.stream.isWritable(), "there is memory, and room for more");
        used.set(TIGHT);
        assertFalse(get.stream.isWritable());
        assertEquals(List.of(), get.events);
        client.blockWrites(false);
        assertEquals(List.of("writable"), get.events);
        assertTrue(get.stream.isWritable());
        client.blockWrites(true);
        get.stream.data(Heads.zeros(10), false);
        assertFalse(get.stream.isWritable());
        client.finishAndReleaseAll();
    }

    @Test
    void nothingIsReadAheadOfAnHttp1ResponseButWhatTellsThatTheClientIsGone() throws Exception {
        PullChannel client = new PullChannel(http1());
        client.send(H1Server.GET);
        used.set(TIGHT);
        client.send("GET /2 HT").send("TP/1.1\r\nHost: a\r\n\r\n").send("GET /3");
        assertTrue(client.unread() >= "GET /3".length(), client.unread() + " left with the kernel");
        requests.last().stream.head(Heads.response(204), true);
        client.received();
        assertEquals("/2", requests.last().head.path());
        client.finishAndReleaseAll();
    }

    @Test
    void anHttp2ResponseIsNotQueuedBehindItself() {
        try (RawH2 client = RawH2.client(http2())) {
            client.settings(4, 0).get(1);
            Taken get = requests.last();
            get.stream.head(Heads.response(200), false);
            used.set(TIGHT);
            assertTrue(get.stream.isWritable());
            get.stream.data(Heads.zeros(10), false);
            assertFalse(get.stream.isWritable());
            client.windowUpdate(1, 10);
            assertEquals(List.of("writable"), get.events);
        }
    }

    @Test
    void aConnectionThatIsNotReadIsResetWhenMemoryHasRunOut() throws Exception {
        UsesMemory handler = http1();
        PullChannel client = new PullChannel(handler);
        client.send(H1Server.GET);
        Taken get = requests.last();
        get.stream.head(Heads.response(200), false);
        client.blockWrites(true);
        get.stream.data(Heads.zeros(50_000), false);
        client.runPendingTasks();
        used.set(OVERFULL);
        sweep(handler.memory());
        assertEquals(List.of("reset OVERLOADED"), get.events);
        assertFalse(client.isOpen());
        assertEquals(1, pressure.ended());
        client.finishAndReleaseAll();
    }

    @Test
    void aStreamThatIsNotReadIsResetWhenMemoryHasRunOutAndItsConnectionLivesOn() {
        UsesMemory handler = http2();
        try (RawH2 client = RawH2.client(handler)) {
            client.settings(4, 0).get(1);
            Taken slow = requests.last();
            slow.stream.head(Heads.response(200), false);
            slow.stream.data(Heads.zeros(50_000), false);
            client.received();
            used.set(OVERFULL);
            sweep(handler.memory());
            assertEquals(List.of("RST_STREAM 1 ENHANCE_YOUR_CALM"), client.received());
            assertEquals(List.of("reset OVERLOADED"), slow.events);
            used.set(0);
            client.get(3);
            requests.last().stream.head(Heads.response(204), true);
            assertEquals(List.of("HEADERS 3 :status=204 END"), client.received());
        }
    }

    @Test
    void whatAPausedReaderLeavesIsCountedAsHeld() {
        UsesMemory handler = http2();
        try (RawH2 client = RawH2.client(handler)) {
            client.post(1);
            Taken post = requests.last();
            post.stream.requestGate().pause();
            client.frame(RawH2.DATA, 0, 1, Heads.zeros(16_384));
            used.set(OVERFULL);
            sweep(handler.memory());
            assertEquals(List.of("RST_STREAM 1 ENHANCE_YOUR_CALM"), client.received());
            assertEquals(List.of("reset OVERLOADED"), post.events);
        }
    }

    /** Down to what holds a few kilobytes. */
    private static void sweep(LoopMemory memory) {
        for (int i = 0; i < 7; i++) {
            memory.sweep();
        }
    }
}
