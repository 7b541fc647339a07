package dev.sluice.proxy.balance;

import static dev.sluice.proxy.cluster.Plans.endpoint;
import static dev.sluice.proxy.cluster.Plans.weighted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.policy.BalancePlan.Algorithm;
import dev.sluice.config.plan.policy.OutlierPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Health;
import dev.sluice.proxy.cluster.Plans;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BalancerTest {
    private final SplittableRandom random = new SplittableRandom(1);
    private long now;

    @Test
    void followsTheMembersOfTheCluster() {
        Cluster cluster = new Cluster(Plans.cluster().build());
        Balancer balancer = balancer(cluster);
        assertNull(balancer.pick(EarlierTries.NONE));
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80)), 0);
        assertEquals(Map.of("10.0.0.1:80", 10), pick(balancer, 10));
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.2", 80), endpoint("10.0.0.3", 80)), 0);
        assertEquals(Map.of("10.0.0.2:80", 5, "10.0.0.3:80", 5), pick(balancer, 10));
    }

    @Test
    void followsTheAlgorithmAndTheWeightsOfAReload() {
        Cluster cluster = new Cluster(Plans.cluster().build());
        Balancer balancer = balancer(cluster);
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80)), 0);
        assertEquals(Map.of("10.0.0.1:80", 20, "10.0.0.2:80", 20), pick(balancer, 40));
        cluster.replaceEndpoints(List.of(weighted("10.0.0.1", 80, 3), endpoint("10.0.0.2", 80)), 0);
        assertEquals(Map.of("10.0.0.1:80", 30, "10.0.0.2:80", 10), pick(balancer, 40));
        cluster.update(Plans.cluster().algorithm(Algorithm.RANDOM).build());
        assertNotEquals(Map.of("10.0.0.1:80", 30, "10.0.0.2:80", 10), pick(balancer, 40));
        cluster.update(Plans.cluster().algorithm(Algorithm.PASSTHROUGH).build());
        assertNull(balancer.pick(EarlierTries.NONE), "nobody dialled an endpoint through this listener");
    }

    @Test
    void aMemberOfAHeadlessServiceIsTheOneThatWasDialled() {
        Cluster cluster =
                new Cluster(Plans.cluster().discovery(Discovery.HEADLESS).build());
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80)), 0);
        Balancer balancer = balancer(cluster);
        Endpoint second = cluster.endpoints().all().get(1);
        cluster.health(second, Health.EJECTED, 0);
        assertSame(second, balancer.meant(new InetSocketAddress("10.0.0.2", 9999)));
        assertNull(balancer.meant(new InetSocketAddress("10.0.0.3", 80)), "nobody of it");
        assertNull(balancer.meant(null));
        cluster.update(Plans.cluster().discovery(Discovery.STATIC).build());
        assertNull(balancer.meant(new InetSocketAddress("10.0.0.2", 80)), "its address is the service's own");
    }

    @Test
    void leastRequestWithWeightsCountsWhatIsInFlight() {
        Cluster cluster =
                new Cluster(Plans.cluster().algorithm(Algorithm.LEAST_REQUEST).build());
        cluster.replaceEndpoints(List.of(weighted("10.0.0.1", 80, 2), endpoint("10.0.0.2", 80)), 0);
        Endpoint heavy = cluster.endpoints().all().get(0);
        for (int i = 0; i < 7; i++) {
            heavy.started();
        }
        Map<String, Integer> picked = pick(balancer(cluster), 500);
        assertEquals(100, picked.get("10.0.0.1:80"), 2, "2 / (7 + 1) against 1 / 1");
    }

    @Test
    void anEndpointThatComesBackGetsItsTrialShareUntilItHasAnswered() {
        Cluster cluster = new Cluster(Plans.cluster()
                .outlier(new OutlierPlan(
                        5, 0, false, 5, Duration.ofSeconds(10), Duration.ofSeconds(30), 100, 0, List.of(), 10))
                .build());
        cluster.replaceEndpoints(
                List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80), endpoint("10.0.0.3", 80)), 0);
        Balancer balancer = balancer(cluster);
        Endpoint first = cluster.endpoints().all().get(0);
        cluster.health(first, Health.HALF_OPEN, 0);
        Map<String, Integer> onTrial = pick(balancer, 10_000);
        assertEquals(1_000, onTrial.get("10.0.0.1:80"), 120, "10 % within four sigma");
        assertEquals(onTrial.get("10.0.0.2:80"), onTrial.get("10.0.0.3:80"), 1, "the others share the rest");
        cluster.health(first, Health.HEALTHY, 0);
        assertEquals(100, pick(balancer, 300).get("10.0.0.1:80"));
    }

    @Test
    void whereAllCameBackTheyShareAsEver() {
        Cluster cluster = new Cluster(Plans.cluster()
                .outlier(new OutlierPlan(
                        5, 0, false, 5, Duration.ofSeconds(10), Duration.ofSeconds(30), 100, 0, List.of(), 10))
                .build());
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80)), 0);
        cluster.endpoints().all().forEach(endpoint -> cluster.health(endpoint, Health.HALF_OPEN, 0));
        assertEquals(Map.of("10.0.0.1:80", 5, "10.0.0.2:80", 5), pick(balancer(cluster), 10));
    }

    @Test
    void anEjectedEndpointIsLeftOutUntilPanic() {
        Cluster cluster = new Cluster(Plans.cluster().minHealthPercent(50).build());
        cluster.replaceEndpoints(
                List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80), endpoint("10.0.0.3", 80)), 0);
        Balancer balancer = balancer(cluster);
        List<Endpoint> all = cluster.endpoints().all();
        cluster.health(all.get(0), Health.EJECTED, 0);
        assertEquals(Set.of("10.0.0.2:80", "10.0.0.3:80"), pick(balancer, 30).keySet());
        cluster.health(all.get(1), Health.EJECTED, 0);
        assertEquals(3, pick(balancer, 30).size(), "a third is healthy, so all are used");
        cluster.update(Plans.cluster().minHealthPercent(0).build());
        assertEquals(Set.of("10.0.0.3:80"), pick(balancer, 30).keySet());
        cluster.health(all.get(2), Health.EJECTED, 0);
        assertNull(balancer.pick(EarlierTries.NONE), "without a threshold there is no panic");
    }

    @Test
    void aFurtherTryGoesElsewhereWhereItCan() {
        Cluster cluster = new Cluster(Plans.cluster().build());
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80)), 0);
        Balancer balancer = balancer(cluster);
        Endpoint tried = cluster.endpoints().all().get(0);
        for (int i = 0; i < 20; i++) {
            assertNotEquals(tried, balancer.pick(avoid(tried)));
        }
        assertNotEquals(
                null,
                balancer.pick(avoid(cluster.endpoints().all().toArray(new Endpoint[0]))),
                "the last candidate is better than none");
    }

    @Test
    void aKeyStaysWithItsEndpointAndRequestsWithoutAKeySpread() {
        for (Algorithm algorithm : List.of(Algorithm.RING_HASH, Algorithm.MAGLEV)) {
            Cluster cluster = new Cluster(Plans.cluster().algorithm(algorithm).build());
            cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80)), 0);
            Balancer balancer = balancer(cluster);
            Endpoint own = balancer.pick(17, EarlierTries.NONE);
            for (int i = 0; i < 20; i++) {
                assertSame(own, balancer.pick(17, EarlierTries.NONE));
            }
            assertEquals(2, pick(balancer, 100).size(), "no key, so anywhere");
            if (own != null) {
                assertNotEquals(own, balancer.pick(17, avoid(own)), "a further try that is to go elsewhere does");
            }
        }
    }

    private static EarlierTries avoid(Endpoint... endpoints) {
        return new EarlierTries(List.of(endpoints), true, false);
    }

    private Balancer balancer(Cluster cluster) {
        return new Balancer(cluster, () -> random, () -> now, Runnable::run);
    }

    private static Map<String, Integer> pick(Balancer balancer, int times) {
        Map<String, Integer> picked = new HashMap<>();
        for (int i = 0; i < times; i++) {
            Endpoint endpoint = balancer.pick(EarlierTries.NONE);
            picked.merge(endpoint == null ? "none" : endpoint.hostPort(), 1, Integer::sum);
        }
        return picked;
    }
}
