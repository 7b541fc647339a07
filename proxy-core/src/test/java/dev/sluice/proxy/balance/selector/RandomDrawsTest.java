package dev.sluice.proxy.balance.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Plans;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Least request, random and round robin over equal weights. */
class RandomDrawsTest {
    private static final int PICKS = 90_000;
    private final SplittableRandom random = new SplittableRandom(42);

    @Test
    void leastRequestTakesTheOneOfTwoDrawsWithFewerRequests() {
        List<Endpoint> endpoints = Plans.endpoints(1, 1, 1);
        endpoints.get(0).started();
        assertSame(endpoints.get(2), least(endpoints, 0, 2).pick(0, 0));
        assertSame(endpoints.get(2), least(endpoints, 2, 0).pick(0, 0));
        assertSame(endpoints.get(0), least(endpoints, 0, 0).pick(0, 0), "drawn with replacement");
        assertSame(endpoints.get(1), least(endpoints, 1, 2).pick(0, 0), "the first of a tie");
    }

    /** Of n endpoints the busiest is taken only when both draws fall on it: 1 in n squared. */
    @Test
    void leastRequestPicksTheBusiestAsRarelyAsTwoDrawsAllow() {
        List<Endpoint> endpoints = Plans.endpoints(1, 1, 1);
        endpoints.get(0).started();
        Map<Endpoint, Integer> picked = count(new LeastRequest(endpoints, () -> random));
        assertWithinFourSigma(1.0 / 9, picked.get(endpoints.get(0)));
        assertWithinFourSigma(4.0 / 9, picked.get(endpoints.get(1)));
    }

    @Test
    void randomIsUniformWhateverTheWeights() {
        List<Endpoint> endpoints = Plans.endpoints(1, 50, 1);
        Map<Endpoint, Integer> picked = count(new RandomSelector(endpoints, () -> random));
        for (Endpoint endpoint : endpoints) {
            assertWithinFourSigma(1.0 / 3, picked.get(endpoint));
        }
    }

    @Test
    void roundRobinGivesEachTheSameOverAllThreads() throws Exception {
        List<Endpoint> endpoints = Plans.endpoints(1, 1, 1);
        RoundRobin selector = new RoundRobin(endpoints, Integer.MAX_VALUE - 2_999);
        Map<Endpoint, AtomicInteger> picked = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                workers.add(threads.submit(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        picked.computeIfAbsent(selector.pick(0, 0), key -> new AtomicInteger())
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
        endpoints.forEach(endpoint -> assertEquals(1_000, picked.get(endpoint).get()));
    }

    @Test
    void withoutEndpointsNothingIsPicked() {
        assertNull(new LeastRequest(List.of(), () -> random).pick(0, 0));
        assertNull(new RandomSelector(List.of(), () -> random).pick(0, 0));
        assertNull(new RoundRobin(List.of(), 0).pick(0, 0));
        assertNull(new RingHash(Share.of(List.of()), 1024).pick(0, 0));
        assertNull(new Maglev(Share.of(List.of()), 65537).pick(0, 0));
    }

    private static LeastRequest least(List<Endpoint> endpoints, int... draws) {
        RandomGenerator scripted = new RandomGenerator() {
            private int next;

            @Override
            public long nextLong() {
                throw new UnsupportedOperationException("only indexes are drawn");
            }

            @Override
            public int nextInt(int bound) {
                assertEquals(endpoints.size(), bound);
                return draws[next++];
            }
        };
        return new LeastRequest(endpoints, () -> scripted);
    }

    private static Map<Endpoint, Integer> count(EndpointSelector selector) {
        Map<Endpoint, Integer> picked = new HashMap<>();
        for (int i = 0; i < PICKS; i++) {
            picked.merge(selector.pick(0, 0), 1, Integer::sum);
        }
        return picked;
    }

    private static void assertWithinFourSigma(double share, int picked) {
        double sigma = Math.sqrt(PICKS * share * (1 - share));
        assertEquals(PICKS * share, picked, 4 * sigma);
    }
}
