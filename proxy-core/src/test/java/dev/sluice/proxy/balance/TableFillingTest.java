package dev.sluice.proxy.balance;

import static dev.sluice.proxy.cluster.Plans.endpoint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.policy.BalancePlan.Algorithm;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Health;
import dev.sluice.proxy.cluster.Plans;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hash tables are filled off the event loops; what is picked meanwhile is never somebody who left. */
class TableFillingTest {
    private final SplittableRandom random = new SplittableRandom(1);
    private final Queue<Runnable> tables = new ArrayDeque<>();

    private Balancer watching(Cluster cluster) {
        Balancer balancer = new Balancer(cluster, () -> random, () -> 0, tables::add);
        cluster.observe(balancer);
        return balancer;
    }

    private static Cluster cluster(Algorithm algorithm) {
        return new Cluster(
                Plans.cluster().algorithm(algorithm).minHealthPercent(0).build());
    }

    private static List<Endpoint> picks(Balancer balancer) {
        List<Endpoint> picks = new ArrayList<>();
        for (int key = 0; key < 200; key++) {
            picks.add(balancer.pick(key * 0x9E3779B97F4A7C15L, EarlierTries.NONE));
        }
        return picks;
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"RING_HASH", "MAGLEV"})
    void untilTheNewTableIsThereTheOldOneGoesOnWithoutWhoLeft(Algorithm algorithm) {
        Cluster cluster = cluster(algorithm);
        Balancer balancer = watching(cluster);
        cluster.replaceEndpoints(
                List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80), endpoint("10.0.0.3", 80)), 0);
        fill();
        List<Endpoint> before = picks(balancer);
        Endpoint ejected = cluster.endpoints().all().get(0);
        cluster.health(ejected, Health.EJECTED, 0);
        cluster.replaceEndpoints(
                List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80), endpoint("10.0.0.4", 80)), 0);
        assertEquals(1, tables.size(), "several changes, one table");
        List<Endpoint> meanwhile = picks(balancer);
        Endpoint stays = cluster.endpoints().all().get(1);
        for (int i = 0; i < before.size(); i++) {
            Endpoint picked = meanwhile.get(i);
            assertNotNull(picked);
            assertNotEquals(ejected, picked);
            assertFalse(picked.isGone());
            if (before.get(i) == stays) {
                assertSame(stays, picked, "keys of endpoints that stay have not moved");
            }
        }
        fill();
        assertTrue(picks(balancer).contains(cluster.endpoints().all().get(2)), "the new one is in the new table");
    }

    @Test
    void whereNobodyOfTheOldTableIsLeftTheNewOneIsMadeAtOnce() {
        Cluster cluster = cluster(Algorithm.RING_HASH);
        Balancer balancer = watching(cluster);
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80)), 0);
        fill();
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.2", 80)), 0);
        Endpoint only = cluster.endpoints().all().get(0);
        picks(balancer).forEach(picked -> assertSame(only, picked));
        assertEquals(1, tables.size());
    }

    @Test
    void theFirstTableIsThereBeforeTheFirstRequestWithoutAnybodyAsking() {
        Cluster cluster = cluster(Algorithm.MAGLEV);
        Balancer balancer = watching(cluster);
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80)), 0);
        assertEquals(1, tables.size());
        fill();
        picks(balancer);
        assertEquals(0, tables.size(), "the table is the right one");
        cluster.update(Plans.cluster().algorithm(Algorithm.ROUND_ROBIN).build());
        picks(balancer);
        assertEquals(0, tables.size(), "other balancers are made where they are needed");
    }

    @Test
    void theThreadOfTheTablesWorksAndEndsWhenItIsIdle() {
        Cluster cluster = cluster(Algorithm.MAGLEV);
        Balancer balancer = Balancer.of(cluster);
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80)), 0);
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80)), 0);
        Awaitility.await()
                .until(() -> picks(balancer).containsAll(cluster.endpoints().all()));
        Awaitility.await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("sluice-hash-tables")));
    }

    private void fill() {
        for (Runnable work = tables.poll(); work != null; work = tables.poll()) {
            work.run();
        }
    }
}
