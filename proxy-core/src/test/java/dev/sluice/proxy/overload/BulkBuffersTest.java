package dev.sluice.proxy.overload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
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
