package dev.sluice.proxy.policy.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** How long a retry waits. */
class BackOffTest {
    private static final int DRAWS = 20_000;

    @Test
    void theBoundsAreEnvoys() {
        long[] bounds = IntStream.rangeClosed(1, 7)
                .mapToLong(retry -> BackOff.intervalMillis(25, retry))
                .toArray();
        assertEquals("25 50 100 200 250 250 250", text(bounds));
        long[] ofOne = IntStream.rangeClosed(1, 6)
                .mapToLong(retry -> BackOff.intervalMillis(1, retry))
                .toArray();
        assertEquals("1 2 4 8 10 10", text(ofOne));
    }

    private static String text(long[] numbers) {
        StringBuilder text = new StringBuilder();
        for (long number : numbers) {
            text.append(text.isEmpty() ? "" : " ").append(number);
        }
        return text.toString();
    }

    @Property
    void boundsGrowFromTheBaseToTenTimesTheBaseAndStayThere(
            @ForAll @LongRange(min = 1, max = 3_600_000) long base, @ForAll @IntRange(min = 1, max = 1_000) int retry) {
        long bound = BackOff.intervalMillis(base, retry);
        long next = BackOff.intervalMillis(base, retry + 1);
        assertTrue(bound >= base && bound <= 10 * base, () -> "bound " + bound);
        assertEquals(Math.min(2 * bound, 10 * base), next);
    }

    @Property
    void aWaitIsNeverNegativeAndAlwaysBelowItsBound(
            @ForAll @LongRange(min = 0, max = 3_600_000) long base,
            @ForAll @IntRange(min = 1, max = 20) int retry,
            @ForAll long seed) {
        long wait = BackOff.delayMillis(base, retry, new Random(seed));
        assertTrue(
                wait >= 0 && (base == 0 ? wait == 0 : wait < BackOff.intervalMillis(base, retry)),
                () -> "wait " + wait);
    }

    /** Full jitter: each millisecond is as likely as the others, nothing and the last one included. */
    @Property(tries = 8)
    void waitsAreSpreadEvenly(@ForAll @IntRange(min = 1, max = 4) int retry, @ForAll long seed) {
        int bound = (int) BackOff.intervalMillis(5, retry);
        int[] counts = new int[bound];
        Random random = new Random(seed);
        for (int i = 0; i < DRAWS; i++) {
            counts[(int) BackOff.delayMillis(5, retry, random)]++;
        }
        double share = 1.0 / bound;
        // Eight sigma for each slot: in some hundreds of slots six are met once in a few million runs.
        double allowed = 8 * Math.sqrt(DRAWS * share * (1 - share)) + 1e-9;
        for (int count : counts) {
            assertEquals(DRAWS * share, count, allowed);
        }
    }
}
