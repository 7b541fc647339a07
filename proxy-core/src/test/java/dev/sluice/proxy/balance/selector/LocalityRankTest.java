package dev.sluice.proxy.balance.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.policy.BalancePlan.LocalityPlan;
import dev.sluice.proxy.cluster.Endpoint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** spec/istio-fields.md §2.4. */
class LocalityRankTest {
    private static int rank(LocalityPlan plan, @Nullable String locality, Map<String, String> labels) {
        return new LocalityRank(plan).of(new Endpoint(new EndpointPlan("10.0.0.1", 80, 1, locality, labels), 0));
    }

    private static LocalityPlan byPlace(String own, Map<String, String> failover) {
        return new LocalityPlan(own, List.of(), failover, List.of(), Map.of());
    }

    private static LocalityPlan byLabels(Map<String, String> own, String... priority) {
        return new LocalityPlan("", List.of(), Map.of(), List.of(priority), own);
    }

    @ParameterizedTest
    @CsvSource({
        "eu/a/1, 0",
        "eu/a/2, 1",
        "eu/a, 1",
        "eu/b/1, 2",
        "eu, 2",
        "us/a/1, 3",
        "asia/a/1, 4",
        ", 4",
    })
    void theNearerThePlaceTheLowerTheRankAndOtherRegionsThanTheOneNamedComeLast(@Nullable String place, int rank) {
        assertEquals(rank, rank(byPlace("eu/a/1", Map.of("eu", "us")), place, Map.of()));
    }

    @Test
    void withoutAFailoverOfTheOwnRegionAllOtherRegionsAreEqual() {
        for (Map<String, String> failover : List.<Map<String, String>>of(Map.of(), Map.of("asia", "us"))) {
            assertEquals(3, rank(byPlace("eu/a/1", failover), "us/a/1", Map.of()));
            assertEquals(3, rank(byPlace("eu/a/1", failover), "asia/a/1", Map.of()));
        }
        assertEquals(0, rank(byPlace("eu/a", Map.of()), "eu/a", Map.of()), "parts that both leave out are equal");
    }

    @Test
    void theFirstLabelThatDiffersDecides() {
        LocalityPlan plan = byLabels(Map.of("version", "v1", "rack", "r1"), "version", "rack", "zone=a");
        assertEquals(0, rank(plan, null, Map.of("version", "v1", "rack", "r1", "zone", "a")));
        assertEquals(1, rank(plan, null, Map.of("version", "v1", "rack", "r1", "zone", "b")));
        assertEquals(2, rank(plan, null, Map.of("version", "v1", "rack", "r2", "zone", "a")));
        assertEquals(3, rank(plan, null, Map.of("rack", "r1", "zone", "a")));
    }

    @Test
    void labelsOfThePlaceAreKnownFromTheLocality() {
        LocalityPlan plan = new LocalityPlan(
                "eu/a/1",
                List.of(),
                Map.of(),
                List.of("topology.kubernetes.io/region", "topology.kubernetes.io/zone"),
                Map.of());
        assertEquals(0, rank(plan, "eu/a/2", Map.of()));
        assertEquals(1, rank(plan, "eu/b", Map.of()));
        assertEquals(2, rank(plan, "us/a", Map.of()));
        assertEquals(
                0, rank(plan, "us", Map.of("topology.kubernetes.io/region", "eu", "topology.kubernetes.io/zone", "a")));
    }

    @Test
    void anotherNetworkComesBehindAllOfTheOwnAndTheOtherLabelsCountThereToo() {
        LocalityPlan plan =
                byLabels(Map.of("topology.istio.io/network", "n1", "rack", "r1"), "topology.istio.io/network", "rack");
        assertEquals(0, rank(plan, null, Map.of("topology.istio.io/network", "n1", "rack", "r1")));
        assertEquals(1, rank(plan, null, Map.of("topology.istio.io/network", "n1", "rack", "r2")));
        assertEquals(2, rank(plan, null, Map.of("topology.istio.io/network", "n2", "rack", "r1")));
        assertEquals(3, rank(plan, null, Map.of("topology.istio.io/network", "n2", "rack", "r2")));
    }

    @Test
    void labelsComeBeforeRegionsWhereBothAreGiven() {
        LocalityPlan plan =
                new LocalityPlan("eu/a/1", List.of(), Map.of("eu", "us"), List.of("version"), Map.of("version", "v1"));
        assertEquals(0, rank(plan, "eu/a/1", Map.of("version", "v1")));
        assertEquals(3, rank(plan, "us/a/1", Map.of("version", "v1")));
        assertEquals(5, rank(plan, "eu/a/1", Map.of("version", "v2")));
        assertEquals(9, rank(plan, "asia/a/1", Map.of("version", "v2")));
    }

    @Test
    void aProxyOfWhichNothingIsKnownComparesOnlyWithWhatIsWritten() {
        assertEquals(0, rank(byLabels(Map.of(), "version"), null, Map.of("version", "v1")));
        assertEquals(1, rank(byLabels(Map.of(), "version=v2"), null, Map.of("version", "v1")));
    }

    @ParameterizedTest
    @CsvSource({
        "*, eu/a/1, true",
        "*, '', true",
        "eu, eu/a/1, true",
        "eu/*, eu/a/1, true",
        "eu/a/*, eu/a/1, true",
        "eu/*/1, eu/a/1, true",
        "eu/a/1, eu/a/1, true",
        "eu/a/2, eu/a/1, false",
        "eu/b/*, eu/a/1, false",
        "us, eu/a/1, false",
        "eu/a, eu, false",
        "eu/a, eu2/a, false",
    })
    void aPatternMatchesByParts(String pattern, String place, boolean matches) {
        if (matches) {
            assertTrue(Locality.matches(pattern, place));
        } else {
            assertFalse(Locality.matches(pattern, place));
        }
    }
}
