package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenRequests;
import dev.sluice.proxy.timer.LoopTimers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A header block has a minute, as an HTTP/1 head has, in virtual time. */
class H2BlockDeadlineTest {
    private static final int FRAME_HEADER = 9;

    private final H2Server server = new H2Server();
    private final TakenRequests requests = server.requests;
    private final RawH2 client = server.client;

    @BeforeEach
    void freeze() {
        client.channel.freezeTime();
    }

    @AfterEach
    void close() {
        client.close();
    }

    private void seconds(int seconds) {
        client.channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        client.channel.runScheduledPendingTasks();
    }

    private int timers() {
        return LoopTimers.of(client.channel.eventLoop()).pending();
    }

    private void assertEndedLate() {
        assertEquals(List.of("GOAWAY 2147483647 ENHANCE_YOUR_CALM"), client.received());
        assertTrue(client.isClosed());
        assertEquals(0, timers());
    }

    private static ByteBuf frame(int type, int flags, ByteBuf payload) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeMedium(payload.readableBytes()).writeByte(type).writeByte(flags);
        frame.writeInt(1).writeBytes(payload);
        payload.release();
        return frame;
    }

    private static ByteBuf open(int flags) {
        return frame(RawH2.HEADERS, flags, RawH2.block(RawH2.request("POST")));
    }

    private static ByteBuf end() {
        return frame(RawH2.CONTINUATION, RawH2.END_HEADERS, RawH2.block("a", "b"));
    }

    // ---- what is ended

    @Test
    void aBlockWithoutItsEndEndsTheConnectionAfterAMinute() {
        client.write(open(RawH2.END_STREAM));
        seconds(59);
        assertFalse(client.isClosed());
        seconds(2);
        assertEndedLate();
        assertEquals(List.of(), requests.taken);
    }

    @Test
    void aPartOfAFrameThatBeginsABlockHasNoMoreTime() {
        client.write(open(RawH2.END_HEADERS).readRetainedSlice(FRAME_HEADER));
        seconds(59);
        assertFalse(client.isClosed());
        seconds(2);
        assertEndedLate();
    }

    @Test
    void whatDribblesInBetweenGivesItNoMoreTime() {
        client.write(open(RawH2.END_STREAM));
        for (int i = 0; i < 5; i++) {
            seconds(11);
            client.frame(RawH2.CONTINUATION, 0, 1, RawH2.block("x-" + i, ""));
        }
        assertFalse(client.isClosed());
        seconds(6);
        assertEndedLate();
    }

    @Test
    void trailersHaveNoMoreTime() {
        client.post(1).frame(RawH2.HEADERS, RawH2.END_STREAM, 1, RawH2.block("x-sum", "1"));
        seconds(61);
        assertEndedLate();
        assertEquals(List.of("reset CLIENT_GONE"), requests.last().events);
    }

    /** They would have to wait for the end of the block, however long they were begun before. */
    @Test
    void theOtherStreamsAreTold() {
        client.post(1).data(1, false, "a").frame(RawH2.HEADERS, 0, 3, RawH2.block(RawH2.request("GET")));
        seconds(61);
        assertEndedLate();
        assertEquals(List.of("a", "reset CLIENT_GONE"), requests.last().events);
    }

    // ---- what is not

    @Test
    void aBlockThatIsCompleteInTimeIsServed() {
        client.write(open(RawH2.END_STREAM));
        seconds(59);
        client.write(end());
        assertEquals(List.of("a: b"), Heads.lines(requests.last().head.headers()));
        seconds(61);
        assertEquals(0, timers());
        server.assertNextIsServed();
    }

    @Test
    void theNextBlockHasAMinuteOfItsOwn() {
        client.write(open(RawH2.END_STREAM));
        seconds(50);
        ByteBuf next = end();
        client.write(next.writeMedium(100)
                .writeByte(RawH2.HEADERS)
                .writeByte(RawH2.END_HEADERS)
                .writeInt(3));
        seconds(59);
        assertFalse(client.isClosed());
        seconds(2);
        assertEndedLate();
        assertEquals(1, requests.taken.size());
    }

    @Test
    void aBodyMayTakeItsTime() {
        client.post(1);
        ByteBuf data = frame(RawH2.DATA, RawH2.END_STREAM, Unpooled.buffer().writeZero(100));
        client.write(data.readRetainedSlice(50));
        seconds(600);
        client.write(data);
        assertEquals(List.of("<100>|"), requests.last().events);
    }

    @Test
    void aBlockThatComesInOneReadIsNotTimed() {
        client.write(open(0).writeBytes(end()).writeBytes(frame(RawH2.DATA, 0, Heads.bytes("a"))));
        assertEquals(0, timers());
        client.get(3);
        assertEquals(0, timers());
        assertEquals(2, requests.taken.size());
    }

    /** Wherever the reads are cut: from the end of its first frame's header to its last byte, and not besides. */
    @Test
    void aBlockIsTimedAsLongAsItIsUnderWay() {
        ByteBuf before = frame(RawH2.PRIORITY, 0, Unpooled.buffer().writeInt(0).writeByte(1));
        ByteBuf block = open(0).writeBytes(end());
        ByteBuf after = frame(RawH2.DATA, RawH2.END_STREAM, Unpooled.buffer().writeZero(20));
        int from = before.readableBytes() + FRAME_HEADER;
        int to = before.readableBytes() + block.readableBytes();
        ByteBuf all = Unpooled.wrappedBuffer(before, block, after);
        for (int written = 1; all.isReadable(); written++) {
            client.write(all.readRetainedSlice(1));
            assertEquals(from <= written && written < to ? 1 : 0, timers(), "after " + written + " bytes");
        }
        all.release();
        assertEquals(1, requests.taken.size());
        assertTrue(requests.last().events.get(0).endsWith("|"));
    }

    @Test
    void aConnectionThatClosesInsideABlockLeavesNoTimer() {
        client.write(open(0));
        assertEquals(1, timers());
        client.disconnect();
        client.channel.runPendingTasks();
        assertEquals(0, timers());
    }
}
