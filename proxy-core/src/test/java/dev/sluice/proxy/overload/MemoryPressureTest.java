package dev.sluice.proxy.overload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.stream.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryPressureTest {
    private final AtomicLong used = new AtomicLong();
    private final MemoryPressure pressure = new MemoryPressure(used::get, 1_000);

    @Test
    void itIsTightFirstAndThenRefuses() {
        used.set(549);
        assertFalse(pressure.isTight());
        used.set(550);
        assertTrue(pressure.isTight());
        assertFalse(pressure.isShedding());
        used.set(800);
        assertTrue(pressure.isShedding());
    }

    @Test
    void whereNobodyCountsThereIsNone() {
        used.set(-1);
        assertFalse(pressure.isTight());
        assertEquals(0, pressure.usedBytes());
    }

    @Test
    void aFullHeapRefusesRequestsButEndsNoConnectionForItsBuffers() {
        pressure.heapFull(true);
        assertTrue(pressure.isShedding());
        assertFalse(pressure.isOverfull());
        pressure.heapFull(false);
        assertFalse(pressure.isShedding());
    }

    @Test
    void whatItDoesIsCounted() {
        assertEquals(ErrorCode.OVERLOADED, pressure.refusal().code());
        assertEquals(ErrorCode.OVERLOADED, pressure.ending().code());
        assertEquals(
                ErrorCode.OVERLOADED,
                pressure.exhausted(new OutOfMemoryError("of a test")).code());
        assertEquals(1, pressure.refusedRequests());
        assertEquals(1, pressure.ended());
        assertEquals(1, pressure.timesExhausted());
    }

    @Test
    void theProcessCountsItsOwnBuffers() {
        long before = MemoryPressure.process().usedBytes();
        int size = 3 * 1024 * 1024;
        ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(size);
        try {
            assertTrue(MemoryPressure.process().usedBytes() >= before + size / 2, "is counted");
        } finally {
            buffer.release();
        }
        assertTrue(MemoryPressure.process().maxBytes() > size);
    }

    // ---- reads

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final RecvByteBufAllocator.ExtendedHandle sizes =
            (RecvByteBufAllocator.ExtendedHandle) new ReadSizes(pressure).newHandle();

    private void read(int bytes) {
        sizes.reset(channel.config());
        sizes.attemptedBytesRead(sizes.guess());
        sizes.lastBytesRead(bytes);
        sizes.readComplete();
    }

    @Test
    void aReadIsAsLargeAsThoseBeforeItWere() {
        assertEquals(2_048, sizes.guess());
        read(2_048);
        assertEquals(8_192, sizes.guess());
        for (int i = 0; i < 10; i++) {
            read(sizes.guess());
        }
        assertEquals(65_536, sizes.guess());
        read(100);
        assertEquals(65_536, sizes.guess(), "one small read may be the end of a body");
        read(100);
        assertEquals(32_768, sizes.guess());
        for (int i = 0; i < 40; i++) {
            read(1);
        }
        assertEquals(256, sizes.guess());
    }

    @Test
    void aReadThatFillsMostOfItsBufferKeepsTheSize() {
        for (int i = 0; i < 10; i++) {
            read(600);
        }
        assertEquals(2_048, sizes.guess());
    }

    @Test
    void whatFillsTheLargestReadsIsReadInBulk() {
        RecvByteBufAllocator.ExtendedHandle roomy = (RecvByteBufAllocator.ExtendedHandle)
                new ReadSizes(new MemoryPressure(used::get, 1L << 40)).newHandle();
        for (int bytes = 2_048; bytes < 65_536; bytes *= 4) {
            assertEquals(bytes, capacityOf(roomy));
            roomy.reset(channel.config());
            roomy.lastBytesRead(bytes);
            roomy.readComplete();
        }
        assertEquals(BulkBuffers.BYTES, capacityOf(roomy));
        used.set(1L << 40);
        assertEquals(1_024, capacityOf(roomy), "but not while memory is short");
        BulkBuffers.letGoOfOwn();
    }

    private static int capacityOf(RecvByteBufAllocator.ExtendedHandle handle) {
        ByteBuf buffer = handle.allocate(ByteBufAllocator.DEFAULT);
        try {
            return buffer.writableBytes();
        } finally {
            buffer.release();
        }
    }

    @Test
    void whileMemoryIsShortReadsAreSmallWhateverTheyWereBefore() {
        for (int i = 0; i < 10; i++) {
            read(sizes.guess());
        }
        used.set(600);
        assertEquals(4_096, sizes.guess());
        used.set(900);
        assertEquals(1_024, sizes.guess());
        used.set(0);
        assertEquals(65_536, sizes.guess());
    }
}
