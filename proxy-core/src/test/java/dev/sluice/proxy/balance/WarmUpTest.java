package dev.sluice.proxy.balance;

import static dev.sluice.proxy.cluster.Plans.endpoint;
import static dev.sluice.proxy.cluster.Plans.weighted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.policy.BalancePlan.Algorithm;
import dev.sluice.config.plan.policy.BalancePlan.WarmupPlan;
import dev.sluice.proxy.balance.selector.WarmUp;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Plans;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** spec/istio-fields.md §12.9, under virtual time. */
class WarmUpTest {
    private static final long SECOND = 1_000_000_000L;
    // Near where nanoTime turns negative, as it may on some machine.
    private static final long START = Math.subtractExact(Long.MAX_VALUE, 50 * SECOND);
    private static final WarmupPlan MINUTE = new WarmupPlan(Duration.ofSeconds(60), 10, 1);

    private final SplittableRandom random = new SplittableRandom(3);
    private long now = START;

    private static double factor(double minimumPercent, double aggression, long ageSeconds) {
        Endpoint endpoint = new Endpoint(endpoint("10.0.0.1", 80), START);
        WarmUp warmUp = WarmUp.of(
                new WarmupPlan(Duration.ofSeconds(100), minimumPercent, aggression),
                List.of(endpoint),
                () -> START + ageSeconds * SECOND);
        return warmUp == null ? 1 : warmUp.factor(endpoint);
    }

    @ParameterizedTest
    @CsvSource({
        "10, 1, 0, 0.1",
        "10, 1, 5, 0.1",
        "10, 1, 25, 0.25",
        "10, 1, 99, 0.99",
        "10, 1, 100, 1",
        "10, 1, 5000, 1",
        "0, 1, 0, 0.00001",
        "0, 2, 25, 0.5",
        "0, 0.5, 50, 0.25",
        "100, 1, 1, 1",
    })
    void theFactorGrowsWithAgeFromTheFloorToOne(
            double minimumPercent, double aggression, long ageSeconds, double expected) {
        assertEquals(expected, factor(minimumPercent, aggression, ageSeconds), 1e-9);
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"ROUND_ROBIN", "LEAST_REQUEST"})
    void anEndpointThatJoinsTakesItsShareByAndBy(Algorithm algorithm) {
        Cluster cluster =
                new Cluster(Plans.cluster().algorithm(algorithm).warmup(MINUTE).build());
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80)), START - 3600 * SECOND);
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80)), START);
        Balancer balancer = new Balancer(cluster, () -> random, () -> now, Runnable::run);
        assertEquals(100.0 / 11, shareOfTheSecond(balancer), 0.2, "a tenth against one");
        now = START + 30 * SECOND;
        assertEquals(100.0 / 3, shareOfTheSecond(balancer), 0.2, "half against one");
        now = START + 60 * SECOND;
        assertEquals(50, shareOfTheSecond(balancer), 4, "warm: back to the plain algorithm");
    }

    @Test
    void weightsCountBesides() {
        Cluster cluster = new Cluster(Plans.cluster().warmup(MINUTE).build());
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80)), START - 3600 * SECOND);
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80), weighted("10.0.0.2", 80, 4)), START);
        now = START + 30 * SECOND;
        Balancer balancer = new Balancer(cluster, () -> random, () -> now, Runnable::run);
        assertEquals(100 * 2.0 / 3, shareOfTheSecond(balancer), 0.2, "4 × 0.5 against one");
    }

    @Test
    void whereAllHaveJoinedTogetherTheyShareEqually() {
        Cluster cluster = new Cluster(Plans.cluster().warmup(MINUTE).build());
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80)), START);
        Balancer balancer = new Balancer(cluster, () -> random, () -> now, Runnable::run);
        assertEquals(50, shareOfTheSecond(balancer), 0.2);
    }

    @Test
    void nothingWarmsUpWithoutAWindowOrBeyondIt() {
        List<Endpoint> old = List.of(new Endpoint(endpoint("10.0.0.1", 80), START));
        assertNull(WarmUp.of(null, old, () -> START));
        assertNull(WarmUp.of(MINUTE, old, () -> START + 60 * SECOND));
        WarmUp warming = WarmUp.of(MINUTE, old, () -> START + 59 * SECOND);
        assertTrue(warming != null && warming.leftNanos(old) == SECOND);
    }

    private static double shareOfTheSecond(Balancer balancer) {
        int second = 0;
        int picks = 3_000;
        for (int i = 0; i < picks; i++) {
            Endpoint picked = balancer.pick(EarlierTries.NONE);
            second += picked != null && picked.hostPort().equals("10.0.0.2:80") ? 1 : 0;
        }
        return 100.0 * second / picks;
    }
}
