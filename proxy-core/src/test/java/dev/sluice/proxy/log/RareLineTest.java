package dev.sluice.proxy.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RareLineTest {
    private static final long SILENCE = TimeUnit.SECONDS.toNanos(RareLine.SILENCE_SECONDS);

    /** The JVM's clock may begin anywhere, also just before it overflows. */
    @ParameterizedTest
    @ValueSource(longs = {0, -5, Long.MAX_VALUE, Long.MAX_VALUE - 5, Long.MIN_VALUE})
    void theFirstLineIsWrittenAndThenOneInEachSilence(long start) {
        RareLine line = new RareLine(start);
        assertTrue(line.take(start));
        assertFalse(line.take(start));
        assertFalse(line.take(start + SILENCE - 1));
        assertTrue(line.take(start + SILENCE));
        assertFalse(line.take(start + SILENCE + 1));
        assertTrue(line.take(start + 5 * SILENCE), "after a long rest at once");
        assertFalse(line.take(start + 5 * SILENCE + 1), "and no more for the rest");
    }

    @ParameterizedTest
    @ValueSource(ints = 4)
    void ofThreadsThatAskAtOnceOneIsToldYes(int threads) throws InterruptedException {
        RareLine line = new RareLine(0);
        for (long now = 0; now < 200 * SILENCE; now += SILENCE) {
            AtomicInteger told = new AtomicInteger();
            CountDownLatch start = new CountDownLatch(1);
            Thread[] asking = new Thread[threads];
            long at = now;
            for (int i = 0; i < threads; i++) {
                asking[i] = new Thread(() -> {
                    start.countDown();
                    if (line.take(at)) {
                        told.incrementAndGet();
                    }
                });
                asking[i].start();
            }
            for (Thread thread : asking) {
                thread.join();
            }
            assertEquals(1, told.get());
        }
    }
}
