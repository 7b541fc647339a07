package dev.sluice.proxy.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Plans;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.upstream.FrozenLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Any order of requests, connects, answers, losses and cancellations, on two loops whose tasks run whenever the draw says:
 * the limit is never exceeded, nothing is lost and nobody starves.
 */
class PoolPropertyTest {
    private record Sent(FakeRequest request, FrozenLoop loop, Endpoint endpoint, HttpVersion version) {
        boolean waits() {
            return !request.isServed() && !request.isOver() && !request.attempt.isEnded();
        }

        boolean isInFlight() {
            return request.isServed() && !request.attempt.isEnded();
        }

        boolean isHttp1() {
            return version == HttpVersion.HTTP_1_1;
        }
    }

    /** Limits in force: of the cluster and of each endpoint. */
    private record Limits(int cluster, int endpoint) {}

    /** The later of two waiters was given the permit that an idle connection had been closed for on the other's behalf. */
    @Example
    void whoeverTakesAPermitLeavesNobodyBehind() {
        play(1_425_428_136L, Integer.MAX_VALUE, true);
    }

    @Property(tries = 400)
    void limitsHoldAndNobodyStarves(@ForAll long seed) {
        play(seed, Integer.MAX_VALUE, true);
    }

    @Property(tries = 400)
    void limitsHoldAndNobodyStarvesWithLimitsOfEndpoints(@ForAll long seed) {
        play(seed, 3, true);
    }

    @Property(tries = 400)
    void whoWaitsForAConnectionOfHttp1IsNeverRefusedByAHigherLimitOfRequests(@ForAll long seed) {
        play(seed, 3, false);
    }

    private static void play(long seed, int mostPerEndpoint, boolean http2Too) {
        SplittableRandom random = new SplittableRandom(seed);
        Limits max = new Limits(
                random.nextInt(1, 5),
                mostPerEndpoint == Integer.MAX_VALUE ? mostPerEndpoint : random.nextInt(1, mostPerEndpoint + 1));
        // Of its own source, so that seeds that once found something still do.
        int maxRequests = new SplittableRandom(~seed).nextInt(1, 9);
        Plans plans = Plans.cluster()
                .maxRequests(maxRequests)
                .maxConnections(max.cluster)
                .maxConnectionsPerEndpoint(max.endpoint)
                .maxStreams(random.nextInt(1, 4))
                .maxRequestsPerConnection(random.nextInt(0, 3))
                .idleTimeout(Duration.ofMillis(random.nextInt(30, 200)));
        try (PoolFixture fixture = new PoolFixture(plans)) {
            List<Sent> sent = new ArrayList<>();
            for (int step = 0; step < 150; step++) {
                act(random, fixture, sent, http2Too);
                assertTrue(fixture.upstream.inUse() <= max.cluster, () -> "in use: " + fixture.upstream.inUse());
                assertTrue(fixture.cluster.connections().used() <= max.cluster);
                assertTrue(fixture.cluster.requests().used() <= maxRequests);
                for (Endpoint endpoint : fixture.cluster.endpoints().all()) {
                    assertTrue(fixture.upstream.inUse(endpoint.address()) <= max.endpoint);
                }
                if (random.nextInt(5) == 0) {
                    fixture.settle();
                    assertSettled(fixture, sent, max);
                }
            }
            finish(fixture, sent);
        }
    }

    private static void act(SplittableRandom random, PoolFixture fixture, List<Sent> sent, boolean http2Too) {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> {
                FrozenLoop loop = random.nextBoolean() ? fixture.a : fixture.b;
                Endpoint endpoint = fixture.member(random.nextInt(2));
                HttpVersion version = random.nextInt(3) == 0 && http2Too ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1;
                boolean onNew = random.nextInt(6) == 0;
                sent.add(new Sent(fixture.request(loop, endpoint, version, onNew), loop, endpoint, version));
            }
            case 3, 4 -> {
                if (!fixture.upstream.connects.isEmpty()) {
                    fixture.upstream.accept(any(random, List.copyOf(fixture.upstream.connects)));
                }
            }
            case 5 -> {
                if (random.nextInt(4) == 0 && !fixture.upstream.connects.isEmpty()) {
                    fixture.upstream.refuse();
                }
            }
            case 6, 7 -> {
                List<FakeConnection.Stream> streams = fixture.upstream.open().stream()
                        .flatMap(connection -> connection.streams.stream())
                        .toList();
                if (!streams.isEmpty()) {
                    any(random, streams).answer();
                }
            }
            case 8 -> {
                if (random.nextInt(3) == 0 && !sent.isEmpty()) {
                    any(random, sent).request.cancel();
                } else if (random.nextInt(4) == 0 && !fixture.upstream.open().isEmpty()) {
                    any(random, fixture.upstream.open()).drop();
                }
            }
            default -> {
                switch (random.nextInt(3)) {
                    case 0 -> fixture.a.run();
                    case 1 -> fixture.b.run();
                    default -> fixture.advance(Duration.ofMillis(random.nextInt(1, 60)));
                }
            }
        }
    }

    private static <T> T any(SplittableRandom random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static void assertSettled(PoolFixture fixture, List<Sent> sent, Limits max) {
        List<Sent> waiting = sent.stream().filter(Sent::waits).toList();
        assertEquals(fixture.upstream.inUse(), fixture.cluster.connections().used());
        assertEquals(waiting.size(), fixture.cluster.pending().used());
        assertEquals(
                sent.stream().filter(Sent::isInFlight).count(),
                fixture.cluster.requests().used());
        assertTrue(fixture.pool.queue().size() <= waiting.size());
        for (Endpoint endpoint : fixture.cluster.endpoints().all()) {
            assertEquals(
                    fixture.upstream.inUse(endpoint.address()),
                    endpoint.connections().used());
        }
        if (!fixture.upstream.connects.isEmpty()) {
            return;
        }
        for (Sent one : waiting) {
            boolean endpointFull = fixture.upstream.inUse(one.endpoint.address()) == max.endpoint;
            assertTrue(endpointFull || fixture.upstream.inUse() == max.cluster, "somebody waits below the limits");
            for (FakeConnection connection : fixture.upstream.open()) {
                boolean helps = !endpointFull || connection.address.equals(one.endpoint.address());
                assertTrue(
                        connection.activeStreams() > 0 || !helps,
                        "somebody waits while a connection is idle whose permit would do");
            }
        }
    }

    /** With an upstream that accepts and answers everything, everybody comes to an end. */
    private static void finish(PoolFixture fixture, List<Sent> sent) {
        for (int round = 0; round < 10 * sent.size() + 10; round++) {
            fixture.settle();
            while (!fixture.upstream.connects.isEmpty()) {
                fixture.upstream.accept();
            }
            for (FakeConnection connection : fixture.upstream.open()) {
                List.copyOf(connection.streams).forEach(FakeConnection.Stream::answer);
            }
        }
        for (Sent one : sent) {
            assertTrue(one.request.attempt.isEnded(), "a request never ended");
        }
        fixture.pool.close();
        fixture.settle();
        assertEquals(0, fixture.upstream.inUse());
        assertEquals(0, fixture.cluster.connections().used());
        fixture.cluster
                .endpoints()
                .all()
                .forEach(endpoint -> assertEquals(0, endpoint.connections().used()));
        assertEquals(0, fixture.cluster.pending().used());
        assertEquals(0, fixture.cluster.requests().used());
        if (fixture.cluster.admitsAtConnection() && sent.stream().allMatch(Sent::isHttp1)) {
            // A connection each, and no more of them than requests: who has one is let through.
            assertEquals(0, fixture.cluster.counters().refusedRequests());
        }
        assertTrue(fixture.pool.queue().isEmpty());
        assertEquals(0, fixture.pool.handOvers().open());
    }
}
