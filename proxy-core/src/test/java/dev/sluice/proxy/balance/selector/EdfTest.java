package dev.sluice.proxy.balance.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Plans;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EdfTest {
    @Test
    void picksByDeadlineAndBreaksTiesByOrder() {
        List<Endpoint> endpoints = Plans.endpoints(1, 2);
        Edf edf = new Edf(endpoints, Endpoint::weight, 0);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            order.add(endpoints.indexOf(edf.pick(0, 0)));
        }
        // Deadlines: the second at 0.5, 1, 1.5, 2; the first at 1, 2. It was put back at 0.5, so at 1 the first leads.
        assertEquals(List.of(1, 0, 1, 1, 0, 1), order);
    }

    @Property(tries = 200)
    void inEveryRoundEachGetsItsWeight(
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 50) Integer> weights,
            @ForAll @IntRange(max = 30) int initialPicks) {
        List<Endpoint> endpoints =
                Plans.endpoints(weights.stream().mapToInt(Integer::intValue).toArray());
        Edf edf = new Edf(endpoints, Endpoint::weight, initialPicks);
        int sum = weights.stream().mapToInt(Integer::intValue).sum();
        Map<Endpoint, Integer> picked = new HashMap<>();
        int rounds = 5;
        for (int i = 0; i < rounds * sum; i++) {
            picked.merge(edf.pick(0, 0), 1, Integer::sum);
        }
        for (Endpoint endpoint : endpoints) {
            int difference = Math.abs(picked.getOrDefault(endpoint, 0) - rounds * endpoint.weight());
            assertTrue(difference <= 1, endpoint + " is " + difference + " picks off its share");
        }
    }

    @Test
    void sharesHoldOverAllThreadsTogether() throws Exception {
        List<Endpoint> endpoints = Plans.endpoints(1, 2, 5);
        Edf edf = new Edf(endpoints, Endpoint::weight, 0);
        Map<Endpoint, AtomicInteger> picked = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                workers.add(threads.submit(() -> {
                    for (int i = 0; i < 8_000; i++) {
                        picked.computeIfAbsent(edf.pick(0, 0), key -> new AtomicInteger())
                                .incrementAndGet();
                    }
                }));
            }
            for (Future<?> worker : workers) {
                worker.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        for (Endpoint endpoint : endpoints) {
            assertEquals(4_000.0 * endpoint.weight(), picked.get(endpoint).get(), 1);
        }
    }

    @Test
    void readsTheWeightAgainWheneverItPutsAnEndpointBack() {
        List<Endpoint> endpoints = Plans.endpoints(1, 1);
        Edf edf = new Edf(endpoints, endpoint -> 1.0 / (endpoint.active() + 1), 0);
        for (int i = 0; i < 3; i++) {
            endpoints.get(0).started();
        }
        Map<Endpoint, Integer> picked = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            picked.merge(edf.pick(0, 0), 1, Integer::sum);
        }
        assertEquals(200, picked.get(endpoints.get(0)), 2, "one in five at a quarter of the other's weight");
    }

    @Test
    void withoutEndpointsNothingIsPicked() {
        assertNull(new Edf(List.of(), Endpoint::weight, 3).pick(0, 0));
    }
}
