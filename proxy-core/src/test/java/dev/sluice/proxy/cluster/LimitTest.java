package dev.sluice.proxy.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitTest {
    private static final int THREADS = 8;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void givesOutItsMaximumAndNoMore() {
        Limit limit = new Limit(2);
        assertTrue(limit.tryAcquire());
        assertTrue(limit.tryAcquire());
        assertFalse(limit.tryAcquire());
        assertTrue(limit.isFull());
        limit.release();
        assertTrue(limit.tryAcquire());
        assertEquals(2, limit.used());
    }

    @Test
    void unlimitedIsTheLargestInteger() {
        Limit limit = new Limit(Integer.MAX_VALUE);
        assertTrue(limit.tryAcquire());
        assertEquals(1, limit.used());
        assertEquals(Integer.MAX_VALUE, limit.max());
    }

    @Test
    void aLoweredMaximumTakesNothingBackAndRefusesUntilEnoughIsReleased() {
        Limit limit = new Limit(3);
        for (int i = 0; i < 3; i++) {
            assertTrue(limit.tryAcquire());
        }
        limit.max(1);
        assertEquals(3, limit.used());
        limit.release();
        limit.release();
        assertFalse(limit.tryAcquire());
        limit.release();
        assertTrue(limit.tryAcquire());
    }

    @Test
    void aPermitGivenBackTwiceIsAnError() {
        Limit limit = new Limit(1);
        assertTrue(limit.tryAcquire());
        limit.release();
        assertThrows(IllegalStateException.class, limit::release);
        assertEquals(0, limit.used());
    }

    @Test
    void threadsNeverHoldMoreThanTheMaximumTogether() throws Exception {
        Limit limit = new Limit(3);
        AtomicInteger holders = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        List<Future<?>> workers = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            workers.add(threads.submit(() -> {
                for (int i = 0; i < 100_000; i++) {
                    if (limit.tryAcquire()) {
                        most.accumulateAndGet(holders.incrementAndGet(), Math::max);
                        taken.incrementAndGet();
                        holders.decrementAndGet();
                        limit.release();
                    }
                }
            }));
        }
        for (Future<?> worker : workers) {
            worker.get(60, TimeUnit.SECONDS);
        }
        assertTrue(taken.get() > 0);
        assertTrue(most.get() <= 3, "held at once: " + most);
        assertEquals(0, limit.used());
    }

    @Test
    void reloadsThatChangeTheMaximumLoseNoPermitAndLetNobodyPast() throws Exception {
        Limit limit = new Limit(0);
        AtomicBoolean stop = new AtomicBoolean();
        List<Future<?>> workers = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            workers.add(threads.submit(() -> {
                while (!stop.get()) {
                    if (limit.tryAcquire()) {
                        limit.release();
                    }
                }
            }));
        }
        int excess = 0;
        // With one core each round waits for its turn on it: fewer of them do then.
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        for (int round = 0; round < 5_000 && (round < 10 || System.nanoTime() - endNanos < 0); round++) {
            limit.max(THREADS);
            // Not before they are at it again: the change has to fall into takes and releases.
            spinUntil(() -> limit.used() > 0);
            int lowered = round % 3;
            limit.max(lowered);
            spinUntil(() -> limit.used() <= lowered);
            for (int look = 0; look < 5; look++) {
                if (limit.used() > lowered) {
                    excess++;
                }
            }
        }
        stop.set(true);
        for (Future<?> worker : workers) {
            worker.get(60, TimeUnit.SECONDS);
        }
        assertEquals(0, excess);
        assertEquals(0, limit.used(), "permits got lost or were invented while the maximum changed");
    }

    private static void spinUntil(BooleanSupplier condition) {
        long start = System.nanoTime();
        for (int spins = 1; !condition.getAsBoolean(); spins++) {
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(60), "permits got lost");
            if (spins % 10_000 == 0) {
                LockSupport.parkNanos(1); // The others may have no core of their own.
            }
            Thread.onSpinWait();
        }
    }
}
