package dev.sluice.proxy.balance.selector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PriorityLoadTest {
    private static final int[] HUNDRED_EACH = {100, 100};

    /** The tables of Envoy's documentation, "Priority levels". */
    @Test
    void theFirstPriorityTakesEverythingUntilFewerThanSevenTenthsAreHealthy() {
        assertLoads(of(100, 100), 100, 0);
        assertLoads(of(72, 100), 100, 0);
        assertLoads(of(71, 100), 99, 1);
        assertLoads(of(50, 100), 70, 30);
        assertLoads(of(25, 100), 35, 65);
        assertLoads(of(0, 100), 0, 100);
        assertLoads(of(25, 25), 50, 50);
        assertLoads(PriorityLoad.of(new int[] {100, 100, 100}, new int[] {20, 20, 10}, 0), 40, 40, 20);
    }

    @Test
    void whatRoundingLeavesGoesToTheFirstThatIsAvailable() {
        // 7 and 91 of 98: 7 and 92 percent, one left over.
        assertLoads(of(5, 65), 8, 92);
        assertLoads(PriorityLoad.of(new int[] {0, 3, 3, 3}, new int[] {0, 1, 1, 0}, 0), 0, 50, 50, 0);
    }

    @Test
    void noPriorityIsInPanicWhileTogetherTheyCanCarryEverything() {
        PriorityLoad load = PriorityLoad.of(HUNDRED_EACH, new int[] {10, 100}, 50);
        assertFalse(load.isPanic(0));
        assertLoads(load, 14, 86);
    }

    @Test
    void aPriorityBelowTheThresholdIsInPanicWhenTheyCannot() {
        PriorityLoad load = PriorityLoad.of(HUNDRED_EACH, new int[] {5, 65}, 50);
        assertTrue(load.isPanic(0));
        assertFalse(load.isPanic(1));
        assertLoads(load, 8, 92);
    }

    @Test
    void whenAllAreInPanicTheNumberOfEndpointsDecides() {
        PriorityLoad load = PriorityLoad.of(new int[] {30, 60, 10}, new int[] {1, 0, 2}, 50);
        assertTrue(load.isPanic(0) && load.isPanic(1) && load.isPanic(2));
        assertLoads(load, 30, 60, 10);
        assertLoads(PriorityLoad.of(new int[] {0, 3}, new int[] {0, 0}, 50), 0, 100);
    }

    @Test
    void withoutAThresholdNothingHealthyMeansTheFirstPriorityAndNoPanic() {
        PriorityLoad load = PriorityLoad.of(HUNDRED_EACH, new int[] {0, 0}, 0);
        assertFalse(load.isPanic(0) || load.isPanic(1));
        assertLoads(load, 100, 0);
    }

    @Test
    void panicBeginsBelowTheThresholdNotAtIt() {
        assertFalse(PriorityLoad.of(new int[] {10}, new int[] {5}, 50).isPanic(0));
        assertTrue(PriorityLoad.of(new int[] {10}, new int[] {4}, 50).isPanic(0));
        assertFalse(PriorityLoad.of(new int[] {10}, new int[] {10}, 100).isPanic(0));
    }

    @Property
    void everyHundredthFallsToSomebody(
            @ForAll @IntRange(max = 40) int first,
            @ForAll @IntRange(max = 40) int second,
            @ForAll @IntRange(max = 40) int third,
            @ForAll @IntRange(max = 100) int healthyPercent,
            @ForAll @IntRange(max = 100) int threshold) {
        int[] total = {first, second, third};
        int[] healthy =
                Arrays.stream(total).map(all -> all * healthyPercent / 100).toArray();
        PriorityLoad load = PriorityLoad.of(total, healthy, threshold);
        assertEquals(100, IntStream.range(0, 3).map(load::load).sum());
        int[] picked = new int[3];
        for (int hash = 0; hash < 100; hash++) {
            picked[load.pick(hash)]++;
        }
        assertArrayEquals(IntStream.range(0, 3).map(load::load).toArray(), picked);
    }

    private static PriorityLoad of(int firstHealthy, int secondHealthy) {
        return PriorityLoad.of(HUNDRED_EACH, new int[] {firstHealthy, secondHealthy}, 0);
    }

    private static void assertLoads(PriorityLoad load, int... expected) {
        assertArrayEquals(
                expected, IntStream.range(0, expected.length).map(load::load).toArray());
    }
}
