package dev.sluice.proxy.app.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When the heap is collected for having grown. */
class GrownHeapTest {
    private static final long MIB = 1024 * 1024;

    private final FakeMachine machine = new FakeMachine(16 * MIB);
    private final Queue<Runnable> elsewhere = new ArrayDeque<>();
    private final GrownHeap heap = new GrownHeap(2 * MIB, machine, elsewhere::add);

    @Test
    void leavesAHeapAloneThatHasGrownByLessThanItMay() {
        machine.heapBytes += 2 * MIB - 1;
        poll();
        assertEquals(0, machine.collections);
    }

    @Test
    void collectsWhatGrewByThatMuch() {
        machine.heapBytes += 2 * MIB;
        poll();
        assertEquals(1, machine.collections);
    }

    @Test
    void collectsAwayFromTheThreadThatLooks() {
        machine.heapBytes += 2 * MIB;
        heap.poll();
        assertEquals(0, machine.collections);
        assertEquals(1, elsewhere.size());
    }

    @Test
    void letsALargeHeapGrowByAnEighth() {
        machine.live(80 * MIB);
        poll();
        machine.rest();
        machine.heapBytes += 10 * MIB - 1;
        poll();
        assertEquals(1, machine.collections);
        machine.heapBytes++;
        poll();
        assertEquals(2, machine.collections);
    }

    @Test
    void countsGrowthFromWhatTheLastCollectionLeft() {
        machine.live(22 * MIB);
        poll();
        machine.rest();
        poll();
        assertEquals(1, machine.collections);
    }

    @Test
    void doesNotCollectTwiceAtOnce() {
        machine.heapBytes += 40 * MIB;
        heap.poll();
        heap.poll();
        heap.released();
        assertEquals(1, elsewhere.size());
        assertEquals(0, machine.collections);
    }

    @Test
    void restsTwoHundredTimesAsLongAsACollectionTook() {
        machine.collectionNanos = TimeUnit.MILLISECONDS.toNanos(90);
        machine.heapBytes += 2 * MIB;
        poll();
        machine.nanos += TimeUnit.SECONDS.toNanos(18) - 1;
        machine.heapBytes += 2 * MIB;
        poll();
        assertEquals(1, machine.collections);
        machine.nanos++;
        poll();
        assertEquals(2, machine.collections);
    }

    @Test
    void collectsWhatALoadLeftOnTheThreadThatLoaded() {
        machine.heapBytes += 32 * MIB;
        heap.released();
        assertEquals(1, machine.collections);
        assertTrue(elsewhere.isEmpty());
    }

    @Test
    void leavesSmallLoadsAlone() {
        machine.heapBytes += 32 * MIB - 1;
        heap.released();
        assertEquals(0, machine.collections);
    }

    @Test
    void doesNotWaitForTheEndOfARestAfterALoad() {
        machine.heapBytes += 2 * MIB;
        poll();
        machine.heapBytes += 32 * MIB;
        heap.released();
        assertEquals(2, machine.collections);
    }

    private void poll() {
        heap.poll();
        while (!elsewhere.isEmpty()) {
            elsewhere.remove().run();
        }
    }

    /** Whatever its heap grew by since {@link #live} is garbage. Its time is about to overflow. */
    private static final class FakeMachine implements GrownHeap.Machine {
        private long heapBytes;
        private long liveBytes;
        private long nanos = Long.MAX_VALUE - 5;
        private long collectionNanos = TimeUnit.MILLISECONDS.toNanos(10);
        private int collections;

        FakeMachine(long bytes) {
            live(bytes);
        }

        void live(long bytes) {
            heapBytes = bytes;
            liveBytes = bytes;
        }

        void rest() {
            nanos += TimeUnit.MINUTES.toNanos(1);
        }

        @Override
        public long heapBytes() {
            return heapBytes;
        }

        @Override
        public void collect() {
            collections++;
            nanos += collectionNanos;
            heapBytes = liveBytes;
        }

        @Override
        public long nanoTime() {
            return nanos;
        }
    }
}
