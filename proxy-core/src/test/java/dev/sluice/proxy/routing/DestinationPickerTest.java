package dev.sluice.proxy.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.proxy.exchange.Destination;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** spec/istio-fields.md §12.1. */
class DestinationPickerTest {
    private static DestinationPicker picker(int... weights) {
        List<Destination> destinations = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            ClusterKey cluster = new ClusterKey("host", i, null);
            destinations.add(new Destination(
                    new DestinationPlan(cluster, weights[i], HeaderPlan.NONE, HashPlan.NONE), null, null));
        }
        return new DestinationPicker(destinations);
    }

    private static int pick(DestinationPicker picker, long randomId) {
        Destination picked = picker.pick(randomId);
        return picked == null ? -1 : picked.plan().cluster().port();
    }

    @Test
    void theIntervalInListOrderThatHoldsTheRemainderWins() {
        DestinationPicker picker = picker(1, 3, 2);
        int[] expected = {0, 1, 1, 1, 2, 2, 0, 1};
        for (int id = 0; id < expected.length; id++) {
            assertEquals(expected[id], pick(picker, id), "id " + id);
        }
    }

    @Test
    void theIdIsUnsigned() {
        // 2^64 - 1 = 5 (mod 10), 2^63 = 8 (mod 10).
        DestinationPicker picker = picker(5, 3, 2);
        assertEquals(1, pick(picker, -1L));
        assertEquals(2, pick(picker, Long.MIN_VALUE));
    }

    @Test
    void sumsOfWeightsMayExceedAnInt() {
        DestinationPicker picker = picker(Integer.MAX_VALUE, Integer.MAX_VALUE);
        assertEquals(0, pick(picker, Integer.MAX_VALUE - 1L));
        assertEquals(1, pick(picker, Integer.MAX_VALUE));
        assertEquals(1, pick(picker, 2L * Integer.MAX_VALUE - 1));
        assertEquals(0, pick(picker, 2L * Integer.MAX_VALUE));
    }

    @Test
    void aSingleDestinationTakesAllWhateverItsWeight() {
        assertEquals(0, pick(picker(0), 42));
        assertNull(picker().pick(42));
    }
}
