package dev.sluice.proxy.balance.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.balance.hash.XxHash64;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Plans;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Weights, changes of members and tries of the hash balancers; what Envoy chooses is {@link ConsistentHashVectorsTest}'s. */
class HashWeightsTest {
    private static final int TABLE = 65537;

    @Test
    void equalWeightsHaveEquallyManyPointsOnTheRing() {
        List<Endpoint> endpoints = Plans.endpoints(1, 1, 1, 1, 1);
        RingHash ring = new RingHash(Share.of(endpoints), 1024);
        Map<Endpoint, Integer> points = pointsByOwner(ring, endpoints, 205);
        points.values().forEach(count -> assertEquals(205, count, "ceil(1024 / 5)"));
    }

    @Test
    void aTableOfOneSlotGivesItToOneOfThem() {
        List<Endpoint> endpoints = Plans.endpoints(1, 2, 1);
        Maglev table = new Maglev(Share.of(endpoints), 1);
        Endpoint only = table.pick(0, 0);
        assertTrue(endpoints.contains(only));
        for (long hash = -3; hash < 3; hash++) {
            assertSame(only, table.pick(hash, 1));
        }
    }

    /** Every point of the ring is found at its own hash, so asking for each counts the owners' points. */
    @Property(tries = 50)
    void pointsOnTheRingFollowTheWeights(
            @ForAll @Size(min = 2, max = 8) List<@IntRange(min = 1, max = 10) Integer> weights) {
        List<Endpoint> endpoints =
                Plans.endpoints(weights.stream().mapToInt(Integer::intValue).toArray());
        double sum = weights.stream().mapToInt(Integer::intValue).sum();
        double least = weights.stream().mapToInt(Integer::intValue).min().orElseThrow() / sum;
        double scale = Math.ceil(least * 1024) / least;
        RingHash ring = new RingHash(Share.of(endpoints), 1024);
        for (Endpoint endpoint : endpoints) {
            double expected = scale * endpoint.weight() / sum;
            int most = (int) Math.ceil(expected) + 1;
            assertEquals(expected, pointsByOwner(ring, List.of(endpoint), most).get(endpoint), 1);
        }
    }

    private static Map<Endpoint, Integer> pointsByOwner(RingHash ring, List<Endpoint> endpoints, int tries) {
        Map<Endpoint, Integer> points = new HashMap<>();
        for (Endpoint endpoint : endpoints) {
            for (int i = 0; i < tries; i++) {
                long hash = XxHash64.hash(endpoint.hostPort() + "_" + i);
                if (ring.pick(hash, 0) == endpoint && ring.hasPoint(hash)) {
                    points.merge(endpoint, 1, Integer::sum);
                }
            }
        }
        return points;
    }

    @Test
    void onTheRingOnlyTheKeysOfAnEndpointThatLeavesMove() {
        // 256 points each in both rings.
        List<Endpoint> equal = Plans.endpoints(1, 1, 1, 1);
        RingHash all = new RingHash(Share.of(equal), 1024);
        RingHash fewer = new RingHash(Share.of(equal.subList(0, 3)), 768);
        int moved = 0;
        for (int i = 0; i < 10_000; i++) {
            long hash = XxHash64.hash("user-" + i);
            Endpoint was = all.pick(hash, 0);
            Endpoint is = fewer.pick(hash, 0);
            if (was == equal.get(3)) {
                moved++;
            } else {
                assertSame(was, is);
            }
        }
        assertEquals(2_500, moved, 400);
    }

    @Test
    void equalWeightsShareTheMaglevTableToTheSlot() {
        List<Endpoint> endpoints = Plans.endpoints(1, 1, 1, 1, 1, 1, 1);
        Map<Endpoint, Integer> slots = slots(endpoints);
        endpoints.forEach(endpoint -> assertEquals(TABLE / 7.0, slots.get(endpoint), 1));
    }

    @Property(tries = 20)
    void slotsOfTheMaglevTableFollowTheWeights(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 10) Integer> weights) {
        List<Endpoint> endpoints =
                Plans.endpoints(weights.stream().mapToInt(Integer::intValue).toArray());
        double sum = weights.stream().mapToInt(Integer::intValue).sum();
        Map<Endpoint, Integer> slots = slots(endpoints);
        for (Endpoint endpoint : endpoints) {
            double expected = TABLE * endpoint.weight() / sum;
            assertEquals(expected, slots.get(endpoint), expected * 0.001 + 2);
        }
    }

    @Test
    void theMaglevTableDoesNotDependOnTheOrderOfTheEndpoints() {
        List<Endpoint> endpoints = Plans.endpoints(3, 1, 2);
        List<Endpoint> shuffled = new ArrayList<>(List.of(endpoints.get(2), endpoints.get(0), endpoints.get(1)));
        Maglev one = new Maglev(Share.of(endpoints), 1009);
        Maglev other = new Maglev(Share.of(shuffled), 1009);
        for (int slot = 0; slot < 1009; slot++) {
            assertSame(one.pick(slot, 0), other.pick(slot, 0));
        }
    }

    @Test
    void aFurtherTryOfTheSameKeyGoesOnFromItsPlace() {
        List<Endpoint> endpoints = Plans.endpoints(1, 1, 1, 1, 1);
        Maglev table = new Maglev(Share.of(endpoints), TABLE);
        RingHash ring = new RingHash(Share.of(endpoints), 1024);
        int others = 0;
        for (int i = 0; i < 1_000; i++) {
            long hash = XxHash64.hash("user-" + i);
            assertSame(
                    table.pick(hash ^ -2L, 0),
                    table.pick(hash, 2),
                    "hash XOR (2^64 - attempt), spec/istio-fields.md §12.3");
            if (ring.pick(hash, 1) != ring.pick(hash, 0)) {
                others++;
            }
        }
        assertTrue(others > 600, "of 1000 keys only " + others + " would find another endpoint");
    }

    private static Map<Endpoint, Integer> slots(List<Endpoint> endpoints) {
        Maglev table = new Maglev(Share.of(endpoints), TABLE);
        Map<Endpoint, Integer> slots = new HashMap<>();
        for (int slot = 0; slot < TABLE; slot++) {
            slots.merge(table.pick(slot, 0), 1, Integer::sum);
        }
        return slots;
    }
}
