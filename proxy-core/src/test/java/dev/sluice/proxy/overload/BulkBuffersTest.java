package dev.sluice.proxy.overload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.proxy.loop.LoopWatchdog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class BulkBuffersTest {
    private static final long PLENTY_BYTES = 1L << 40;

    private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(true);

    @Test
    void aBufferIsUsedAgainOnceWhatWasReadIntoItIsReleased() throws Exception {
        onALoop(() -> {
            ByteBuf first = take(PLENTY_BYTES);
            assertEquals(BulkBuffers.BYTES, first.writableBytes());
            first.writeLong(7);
            ByteBuf slice = first.readRetainedSlice(4);
            first.release();
            ByteBuf second = take(PLENTY_BYTES);
            slice.release();
            ByteBuf third = take(PLENTY_BYTES);
            assertEquals(BulkBuffers.BYTES, third.writableBytes(), "it is empty again");
            if (first.hasMemoryAddress()) {
                assertEquals(first.memoryAddress(), third.memoryAddress());
            }
            second.release();
            third.release();
            return null;
        });
    }

    @Test
    void whoFindsNoneFreeGetsNone() throws Exception {
        onALoop(() -> {
            ByteBuf first = take(PLENTY_BYTES);
            ByteBuf second = take(PLENTY_BYTES);
            assertNull(BulkBuffers.own().take(alloc, PLENTY_BYTES));
            first.release();
            second.release();
            return null;
        });
    }

    @Test
    void littleMemoryIsNotSpentOnThem() throws Exception {
        assertNull(onALoop(() -> BulkBuffers.own().take(alloc, BulkBuffers.BYTES)));
    }

    @Test
    void theyBeginAtAPage() throws Exception {
        onALoop(() -> {
            ByteBuf buffer = take(PLENTY_BYTES);
            try {
                assumeTrue(buffer.hasMemoryAddress());
                assertEquals(0, buffer.memoryAddress() % 4096);
            } finally {
                buffer.release();
            }
            return null;
        });
    }

    @Test
    void theyGoWithTheirLoopAndWhatIsStillUnderWayOutlivesIt() throws Exception {
        ByteBuf underWay =
                Objects.requireNonNull(onALoop(() -> take(PLENTY_BYTES).writeInt(42)));
        assertTrue(alloc.metric().usedDirectMemory() > 0);
        assertEquals(42, underWay.readInt());
        underWay.release();
        assertEquals(0, alloc.metric().usedDirectMemory());
    }

    @Test
    void oneTurnOfTheLoopReadsInBulkAFewTimesOnly() throws Exception {
        EventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(1, new LoopWatchdog().watching(NioIoHandler.newFactory()));
        try {
            EventLoop loop = loops.next();
            assertEquals(8, loop.submit(this::takeAll).get());
            Awaitility.await().until(() -> loop.submit(this::takeAll).get() == 8);
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).await();
        }
        assertEquals(0, alloc.metric().usedDirectMemory());
    }

    /** How many it gives, each released at once. */
    private int takeAll() {
        int taken = 0;
        ByteBuf next;
        while (taken < 100 && (next = BulkBuffers.own().take(alloc, PLENTY_BYTES)) != null) {
            next.release();
            taken++;
        }
        return taken;
    }

    private ByteBuf take(long maxBytes) {
        ByteBuf taken = BulkBuffers.own().take(alloc, maxBytes);
        assertNotNull(taken);
        return taken;
    }

    /** Runs {@code work} on a thread of its own, which has ended when this returns. */
    private static <T> T onALoop(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread loop = new FastThreadLocalThread(task, "a-loop");
        loop.start();
        T result = task.get();
        loop.join();
        return result;
    }
}
