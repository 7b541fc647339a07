package dev.sluice.proxy.balance;

import static dev.sluice.proxy.cluster.Plans.in;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.policy.BalancePlan.Algorithm;
import dev.sluice.config.plan.policy.BalancePlan.DistributePlan;
import dev.sluice.config.plan.policy.BalancePlan.LocalityPlan;
import dev.sluice.proxy.balance.hash.XxHash64;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Health;
import dev.sluice.proxy.cluster.Plans;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** spec/istio-fields.md §2.4 and §12.2: which region gets how much, with which part of it down. */
class LocalityBalanceTest {
    private static final int PICKS = 20_000;
    private static final LocalityPlan FAILOVER =
            new LocalityPlan("eu/a/1", List.of(), Map.of("eu", "us"), List.of(), Map.of());

    private final SplittableRandom random = new SplittableRandom(5);

    private static LocalityPlan distribute(String own, DistributePlan... entries) {
        return new LocalityPlan(own, List.of(entries), Map.of(), List.of(), Map.of());
    }

    private static Cluster cluster(Plans plan, EndpointPlan... members) {
        Cluster cluster = new Cluster(plan.build());
        cluster.replaceEndpoints(List.of(members), 0);
        return cluster;
    }

    /** Ten endpoints in the proxy's own place, two in the region it fails over to, two elsewhere. */
    private static Cluster regions(Plans plan) {
        List<EndpointPlan> members = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            members.add(in("eu/a/1", "10.1.0." + i));
        }
        for (String region : List.of("us", "asia")) {
            members.add(in(region + "/a/1", "10." + (region.equals("us") ? 2 : 3) + ".0.1"));
            members.add(in(region + "/a/1", "10." + (region.equals("us") ? 2 : 3) + ".0.2"));
        }
        return cluster(plan, members.toArray(new EndpointPlan[0]));
    }

    private Balancer balancer(Cluster cluster) {
        return new Balancer(cluster, () -> random, () -> 0, Runnable::run);
    }

    private static void eject(Cluster cluster, String locality, int count) {
        cluster.endpoints().all().stream()
                .filter(endpoint -> locality.equals(endpoint.locality()))
                .limit(count)
                .toList()
                .forEach(endpoint -> cluster.health(endpoint, Health.EJECTED, 0));
    }

    private static String region(@Nullable Endpoint picked) {
        String place = picked == null ? null : picked.locality();
        if (place == null) {
            return "none";
        }
        int slash = place.indexOf('/');
        return slash < 0 ? place : place.substring(0, slash);
    }

    /** Percent of the picks that each region got. */
    private static Map<String, Double> regions(Balancer balancer) {
        Map<String, Double> shares = new TreeMap<>();
        for (int i = 0; i < PICKS; i++) {
            Endpoint picked = balancer.pick(XxHash64.hash("user-" + i), EarlierTries.NONE);
            shares.merge(region(picked), 100.0 / PICKS, Double::sum);
        }
        return shares;
    }

    private static void assertShare(double expected, Map<String, Double> shares, String region) {
        double share = expected / 100;
        double fourSigma = 400 * Math.sqrt(share * (1 - share) / PICKS);
        assertEquals(expected, shares.getOrDefault(region, 0.0), fourSigma + 0.001, () -> region + " of " + shares);
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PASSTHROUGH"})
    void trafficStaysAtHomeUntilMoreThanTheReserveIsDownAndSpillsOverInOrder(Algorithm algorithm) {
        Cluster cluster =
                regions(Plans.cluster().algorithm(algorithm).locality(FAILOVER).minHealthPercent(0));
        Balancer balancer = balancer(cluster);
        assertEquals(List.of("eu"), List.copyOf(regions(balancer).keySet()));
        eject(cluster, "eu/a/1", 2);
        assertEquals(List.of("eu"), List.copyOf(regions(balancer).keySet()), "80 % healthy, times 1.4, is enough");
        eject(cluster, "eu/a/1", 5);
        Map<String, Double> half = regions(balancer);
        assertShare(70, half, "eu");
        assertShare(30, half, "us");
        eject(cluster, "eu/a/1", 10);
        assertEquals(List.of("us"), List.copyOf(regions(balancer).keySet()));
        eject(cluster, "us/a/1", 2);
        assertEquals(List.of("asia"), List.copyOf(regions(balancer).keySet()));
        eject(cluster, "asia/a/1", 2);
        assertNull(balancer.pick(EarlierTries.NONE), "nobody is left, and there is no panic");
    }

    @Test
    void inPanicEverybodyIsUsedAndOnlyWhereOthersCannotCarryIt() {
        Cluster cluster = regions(Plans.cluster().locality(FAILOVER).minHealthPercent(50));
        Balancer balancer = balancer(cluster);
        eject(cluster, "eu/a/1", 10);
        assertEquals(List.of("us"), List.copyOf(regions(balancer).keySet()), "no panic while the others are well");
        eject(cluster, "us/a/1", 2);
        eject(cluster, "asia/a/1", 2);
        Map<String, Double> panic = regions(balancer);
        assertShare(72, panic, "eu");
        assertShare(14, panic, "us");
        assertShare(14, panic, "asia");
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PASSTHROUGH"})
    void distributeGivesEachPlaceItsWeightAndOthersNothing(Algorithm algorithm) {
        LocalityPlan plan = distribute(
                "eu/a/1",
                new DistributePlan("us/*", Map.of("us/*", 100)),
                new DistributePlan("eu/a/*", Map.of("eu/a/*", 80, "us/a/*", 20)));
        Cluster cluster =
                regions(Plans.cluster().algorithm(algorithm).locality(plan).outlier(null));
        Map<String, Double> shares = regions(balancer(cluster));
        // A hash table has slots, so its shares are near the weights and not on them.
        double slack = algorithm == Algorithm.RING_HASH ? 6 : 1.2;
        assertEquals(80, shares.get("eu"), slack);
        assertEquals(20, shares.get("us"), slack);
        assertNull(shares.get("asia"));
    }

    @Test
    void aTargetThatMatchesSeveralPlacesIsSharedByTheWeightsOfTheirEndpoints() {
        LocalityPlan plan = distribute("eu/a/1", new DistributePlan("*", Map.of("eu/*", 60, "us", 40)));
        Cluster cluster = cluster(
                Plans.cluster().locality(plan),
                in("eu/a", "10.0.0.1"),
                in("eu/b", "10.0.0.2"),
                in("eu/b", "10.0.0.3"),
                in("us", "10.0.0.4"));
        Map<String, Integer> picked = new TreeMap<>();
        Balancer balancer = balancer(cluster);
        for (int i = 0; i < 1_000; i++) {
            Endpoint endpoint = balancer.pick(EarlierTries.NONE);
            picked.merge(endpoint == null ? "none" : endpoint.hostPort(), 1, Integer::sum);
        }
        assertEquals(200, picked.get("10.0.0.1:80"), 2);
        assertEquals(200, picked.get("10.0.0.2:80"), 2);
        assertEquals(200, picked.get("10.0.0.3:80"), 2);
        assertEquals(400, picked.get("10.0.0.4:80"), 2);
    }

    @Test
    void aPlaceThatIsPartlyDownLosesWhatItsReserveDoesNotCover() {
        LocalityPlan plan = distribute("eu/a/1", new DistributePlan("eu", Map.of("eu", 50, "us", 50)));
        Cluster cluster = regions(Plans.cluster().locality(plan).minHealthPercent(0));
        eject(cluster, "eu/a/1", 5);
        Map<String, Double> shares = regions(balancer(cluster));
        assertEquals(100 * 0.7 / 1.7, shares.get("eu"), 0.1, "50 × 1.4 × 5 / 10 against 50");
        eject(cluster, "us/a/1", 2);
        assertEquals(List.of("eu"), List.copyOf(regions(balancer(cluster)).keySet()));
    }

    @Test
    void whereNoEntryIsForTheProxyAllPlacesAreUsed() {
        Cluster cluster =
                regions(Plans.cluster().locality(distribute("eu/a/1", new DistributePlan("us", Map.of("us", 100)))));
        Map<String, Double> shares = regions(balancer(cluster));
        assertEquals(100 * 10 / 14.0, shares.get("eu"), 0.1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"RING_HASH", "MAGLEV", "ROUND_ROBIN"})
    void everySecondRetryGoesToAnotherRegionWhereRemoteOnesMayBeTried(Algorithm algorithm) {
        Balancer balancer = balancer(
                regions(Plans.cluster().algorithm(algorithm).locality(FAILOVER).minHealthPercent(0)));
        for (int key = 0; key < 50; key++) {
            List<Endpoint> tried = new ArrayList<>();
            StringBuilder regions = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                Endpoint next = balancer.pick(key * 31L, new EarlierTries(List.copyOf(tried), true, true));
                assertTrue(next != null && next.locality() != null);
                tried.add(next);
                regions.append(next.locality(), 0, 2).append(' ');
            }
            assertEquals("eu eu us us as as eu eu ", regions.toString());
        }
    }
}
