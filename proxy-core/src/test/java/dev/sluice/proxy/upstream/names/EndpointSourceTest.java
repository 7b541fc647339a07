package dev.sluice.proxy.upstream.names;

import static dev.sluice.proxy.cluster.Plans.endpoint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.EndpointSet;
import dev.sluice.proxy.cluster.FailingName;
import dev.sluice.proxy.cluster.Plans;
import dev.sluice.proxy.upstream.FrozenLoop;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EndpointSourceTest {
    private final FrozenLoop time = new FrozenLoop();
    private final FakeNames names = new FakeNames();
    private final DnsResolver dns = new DnsResolver(time.loop(), names, Duration.ofSeconds(60));

    @AfterEach
    void close() {
        time.close();
    }

    @Test
    void listedEndpointsAreMembersAtOnce() {
        Cluster cluster = cluster(Discovery.STATIC, endpoint("10.0.0.1", 80));
        EndpointSource source = EndpointSource.start(cluster, dns);
        assertEquals(List.of("10.0.0.1:80"), members(cluster));
        assertTrue(isReady(source));
        assertEquals(List.of(), names.asked);
    }

    @Test
    void everyAddressOfEveryNameIsAMemberWithTheWeightAndLabelsOfItsEntry() {
        names.answer("a.example", 30, "10.0.0.1", "10.0.0.2").answer("b.example", 30, "2001:db8::1");
        Cluster cluster = cluster(
                Discovery.STRICT_DNS,
                new EndpointPlan("a.example", 80, 3, "eu/west", Map.of("v", "1")),
                endpoint("b.example", 8080),
                endpoint("10.0.0.9", 80));
        EndpointSource source = EndpointSource.start(cluster, dns);
        assertFalse(isReady(source));
        time.run();
        assertEquals(List.of("10.0.0.1:80", "10.0.0.2:80", "[2001:db8::1]:8080", "10.0.0.9:80"), members(cluster));
        Endpoint first = cluster.endpoints().all().get(0);
        assertEquals(3, first.weight());
        assertEquals("eu/west", first.locality());
        assertEquals(Map.of("v", "1"), first.labels());
        assertTrue(isReady(source));
    }

    @Test
    void aNameIsAskedForAgainWhenItsTimeToLiveIsOver() {
        names.answer("a.example", 5, "10.0.0.1", "10.0.0.2");
        Cluster cluster = started(endpoint("a.example", 80));
        Endpoint staying = cluster.endpoints().all().get(1);
        names.answer("a.example", 20, "10.0.0.2", "10.0.0.3");
        time.advance(Duration.ofMillis(4_900));
        assertEquals(1, names.asked.size());
        time.advance(Duration.ofMillis(200));
        assertEquals(2, names.asked.size());
        assertEquals(List.of("10.0.0.2:80", "10.0.0.3:80"), members(cluster));
        assertSame(staying, cluster.endpoints().all().get(0));
        time.advance(Duration.ofSeconds(19));
        assertEquals(2, names.asked.size());
        time.advance(Duration.ofSeconds(2));
        assertEquals(3, names.asked.size());
    }

    @Test
    void anAnswerWithoutATimeToLiveIsGoodForTheRefreshInterval() {
        names.answer("a.example", 0, "10.0.0.1");
        started(endpoint("a.example", 80));
        time.advance(Duration.ofSeconds(59));
        assertEquals(1, names.asked.size());
        time.advance(Duration.ofSeconds(2));
        assertEquals(2, names.asked.size());
    }

    @Test
    void aFailureKeepsTheLastGoodAnswerAndIsTriedAgainAfterTheRefreshInterval() {
        names.answer("a.example", 5, "10.0.0.1");
        Cluster cluster = started(endpoint("a.example", 80));
        names.fail("a.example");
        time.advance(Duration.ofSeconds(6));
        assertEquals(2, names.asked.size());
        assertEquals(List.of("10.0.0.1:80"), members(cluster));
        names.answer("a.example", 5, "10.0.0.2");
        time.advance(Duration.ofSeconds(58));
        assertEquals(List.of("10.0.0.1:80"), members(cluster));
        time.advance(Duration.ofSeconds(3));
        assertEquals(List.of("10.0.0.2:80"), members(cluster));
    }

    @Test
    void aNameThatNeverResolvedLeavesTheOthersAtWork() {
        names.answer("a.example", 5, "10.0.0.1").fail("b.example");
        Cluster cluster = cluster(Discovery.STRICT_DNS, endpoint("a.example", 80), endpoint("b.example", 80));
        EndpointSource source = EndpointSource.start(cluster, dns);
        time.run();
        assertEquals(List.of("10.0.0.1:80"), members(cluster));
        assertTrue(isReady(source));
    }

    @Test
    void aNameThatFailsIsToldWithItsReasonUntilItResolvesAgain() {
        names.answer("a.example", 5, "10.0.0.1").fail("b.example");
        Cluster cluster = started(endpoint("a.example", 80), endpoint("b.example", 80));
        assertEquals(List.of(new FailingName("b.example", "b.example", false)), cluster.failingNames());
        names.fail("a.example").answer("b.example", 5, "10.0.0.2");
        time.advance(Duration.ofSeconds(61));
        assertEquals(List.of(new FailingName("a.example", "a.example", true)), cluster.failingNames());
        names.answer("a.example", 5, "10.0.0.1");
        time.advance(Duration.ofSeconds(61));
        assertEquals(List.of(), cluster.failingNames());
    }

    @Test
    void anAnswerInAnotherOrderChangesNothing() {
        names.answer("a.example", 5, "10.0.0.1", "10.0.0.2");
        Cluster cluster = started(endpoint("a.example", 80));
        EndpointSet before = cluster.endpoints();
        names.answer("a.example", 5, "10.0.0.2", "10.0.0.1");
        time.advance(Duration.ofSeconds(6));
        assertEquals(2, names.asked.size());
        assertSame(before, cluster.endpoints());
    }

    @Test
    void aNameThatSeveralClustersUseIsAskedForOnce() {
        names.answer("a.example", 30, "10.0.0.1");
        Cluster first = started(endpoint("a.example", 80));
        Cluster second = started(endpoint("a.example", 443));
        assertEquals(List.of("10.0.0.1:80"), members(first));
        assertEquals(List.of("10.0.0.1:443"), members(second));
        assertEquals(1, names.asked.size());
    }

    @Test
    void aLogicalServiceIsOneEndpointThatFollowsTheFirstAddress() {
        names.answer("a.example", 5, "10.0.0.1", "10.0.0.2");
        Cluster cluster = cluster(Discovery.LOGICAL_DNS, endpoint("a.example", 80));
        EndpointSource.start(cluster, dns);
        time.run();
        Endpoint only = cluster.endpoints().all().get(0);
        assertEquals(List.of("10.0.0.1:80"), members(cluster));
        names.answer("a.example", 5, "10.0.0.2", "10.0.0.1");
        time.advance(Duration.ofSeconds(6));
        assertEquals(List.of("10.0.0.2:80"), members(cluster));
        assertSame(only, cluster.endpoints().all().get(0), "old connections live on");
    }

    @Test
    void aReloadKeepsWhatItsNamesResolvedTo() {
        names.answer("a.example", 30, "10.0.0.1").hold("b.example");
        Cluster cluster = cluster(Discovery.STRICT_DNS, endpoint("a.example", 80));
        EndpointSource source = EndpointSource.start(cluster, dns);
        time.run();
        Endpoint known = cluster.endpoints().all().get(0);
        reload(cluster, source, Discovery.STRICT_DNS, endpoint("b.example", 80), endpoint("a.example", 80));
        assertSame(known, cluster.endpoints().all().get(0));
        assertEquals(1, Collections.frequency(names.asked, "a.example"));
    }

    @Test
    void whileTheOnlyNameOfAReloadIsNotAnsweredTheFormerMembersStay() {
        Cluster cluster = cluster(Discovery.STATIC, endpoint("10.0.0.1", 80));
        EndpointSource source = EndpointSource.start(cluster, dns);
        names.hold("a.example");
        reload(cluster, source, Discovery.STRICT_DNS, endpoint("a.example", 80));
        assertEquals(List.of("10.0.0.1:80"), members(cluster));
        names.answer("b.example", 5, "10.0.0.2");
        reload(cluster, source, Discovery.STRICT_DNS, endpoint("b.example", 80));
        assertEquals(List.of("10.0.0.2:80"), members(cluster));
    }

    @Test
    void aReloadFromNamesToAddressesAsksNoMore() {
        names.answer("a.example", 5, "10.0.0.1");
        Cluster cluster = cluster(Discovery.STRICT_DNS, endpoint("a.example", 80));
        EndpointSource source = EndpointSource.start(cluster, dns);
        time.run();
        reload(cluster, source, Discovery.STATIC, endpoint("10.0.0.7", 80));
        time.advance(Duration.ofMinutes(2));
        assertEquals(List.of("10.0.0.7:80"), members(cluster));
        assertEquals(1, names.asked.size());
    }

    @Test
    void onceClosedItAsksNoMoreAndLeavesTheMembersAlone() {
        names.answer("a.example", 5, "10.0.0.1");
        Cluster cluster = cluster(Discovery.STRICT_DNS, endpoint("a.example", 80));
        EndpointSource source = EndpointSource.start(cluster, dns);
        time.run();
        source.close();
        names.answer("a.example", 5, "10.0.0.2");
        time.advance(Duration.ofMinutes(2));
        assertEquals(List.of("10.0.0.1:80"), members(cluster));
        assertEquals(1, names.asked.size());
    }

    private static boolean isReady(EndpointSource source) {
        return source.ready().toCompletableFuture().isDone();
    }

    private Cluster started(EndpointPlan... endpoints) {
        Cluster cluster = cluster(Discovery.STRICT_DNS, endpoints);
        EndpointSource.start(cluster, dns);
        time.run();
        return cluster;
    }

    private void reload(Cluster cluster, EndpointSource source, Discovery discovery, EndpointPlan... endpoints) {
        cluster.update(Plans.cluster().discovery(discovery, endpoints).build());
        source.reload();
        time.run();
    }

    private static Cluster cluster(Discovery discovery, EndpointPlan... endpoints) {
        return new Cluster(Plans.cluster().discovery(discovery, endpoints).build());
    }

    private static List<String> members(Cluster cluster) {
        return cluster.endpoints().all().stream().map(Endpoint::hostPort).toList();
    }
}
