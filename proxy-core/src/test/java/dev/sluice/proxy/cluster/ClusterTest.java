package dev.sluice.proxy.cluster;

import static dev.sluice.proxy.cluster.Plans.endpoint;
import static dev.sluice.proxy.cluster.Plans.weighted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ClusterPlan;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterTest {
    private final Cluster cluster =
            new Cluster(Plans.cluster().maxConnections(2).build());

    @Test
    void anAddressThatStaysKeepsItsObjectAndItsCounters() {
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80)), 1);
        Endpoint first = cluster.endpoints().all().get(0);
        first.started();
        first.ended(true);
        first.started();

        cluster.replaceEndpoints(List.of(endpoint("10.0.0.3", 80), weighted("10.0.0.1", 80, 7)), 2);

        Endpoint same = cluster.endpoints().all().get(1);
        assertSame(first, same);
        assertEquals(1, same.active());
        assertEquals(2, same.requests());
        assertEquals(1, same.failures());
        assertEquals(7, same.weight());
        assertEquals(1, same.addedNanos());
    }

    @Test
    void anAddressThatLeavesIsGoneAndComesBackAsAnother() {
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80)), 1);
        Endpoint first = cluster.endpoints().all().get(0);
        assertEquals(List.of(first), cluster.replaceEndpoints(List.of(), 2));
        assertTrue(first.isGone());
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80)), 3);
        assertNotSame(first, cluster.endpoints().all().get(0));
        assertFalse(cluster.endpoints().all().get(0).isGone());
    }

    @Test
    void anotherOrderOfTheSameMembersIsTheSameSet() {
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80)), 1);
        EndpointSet before = cluster.endpoints();
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.2", 80), endpoint("10.0.0.1", 80)), 2);
        assertSame(before, cluster.endpoints());
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.2", 80), weighted("10.0.0.1", 80, 2)), 3);
        assertNotSame(before, cluster.endpoints());
    }

    @Test
    void aRepeatedAddressCountsOnce() {
        cluster.replaceEndpoints(List.of(weighted("10.0.0.1", 80, 3), weighted("10.0.0.1", 80, 5)), 1);
        assertEquals(1, cluster.endpoints().all().size());
        assertEquals(3, cluster.endpoints().all().get(0).weight());
    }

    @Test
    void anEjectedEndpointStaysAMemberAndIsNotHealthy() {
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80)), 1);
        Endpoint first = cluster.endpoints().all().get(0);
        Endpoint second = cluster.endpoints().all().get(1);

        cluster.health(first, Health.EJECTED, 5);
        assertEquals(List.of(first, second), cluster.endpoints().all());
        assertEquals(List.of(second), cluster.endpoints().healthy());
        assertEquals(5, first.healthSinceNanos());

        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.3", 80)), 6);
        assertEquals(Health.EJECTED, first.health(), "a change of members is no amnesty");
        assertEquals(1, cluster.endpoints().healthy().size());

        cluster.health(first, Health.HALF_OPEN, 9);
        assertEquals(2, cluster.endpoints().healthy().size());
    }

    @Test
    void aReloadChangesTheLimitsAndKeepsWhatIsTaken() {
        assertTrue(cluster.connections().tryAcquire());
        cluster.update(Plans.cluster().maxConnections(1).build());
        assertEquals(1, cluster.connections().used());
        assertFalse(cluster.connections().tryAcquire());
        cluster.update(Plans.cluster().maxConnections(2).build());
        assertTrue(cluster.connections().tryAcquire());
    }

    @Test
    void theLogicalEndpointMovesAndStaysTheSameObject() {
        cluster.moveLogicalEndpoint(endpoint("10.0.0.1", 80), 1);
        Endpoint only = cluster.endpoints().all().get(0);
        cluster.moveLogicalEndpoint(endpoint("10.0.0.2", 80), 2);
        assertSame(only, cluster.endpoints().all().get(0));
        assertEquals("10.0.0.2:80", only.hostPort());
        assertEquals(
                "10.0.0.2", ((InetSocketAddress) only.address()).getAddress().getHostAddress());
        assertFalse(only.isGone());
    }

    @Test
    void observersHearWhatChangedAfterItDid() {
        List<String> heard = new ArrayList<>();
        cluster.observe(new ClusterObserver() {
            @Override
            public void settingsChanged(Cluster same, ClusterPlan before) {
                heard.add("settings " + before.limits().maxConnections() + " to "
                        + same.plan().limits().maxConnections());
            }

            @Override
            public void endpointsChanged(Cluster same, List<Endpoint> joined, List<Endpoint> left) {
                heard.add("joined " + joined + " left " + left + " now "
                        + same.endpoints().all());
            }

            @Override
            public void healthChanged(Cluster same, Endpoint endpoint, Health before) {
                heard.add(endpoint + " " + before.text() + " to "
                        + endpoint.health().text());
            }
        });
        cluster.update(Plans.cluster().maxConnections(5).build());
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80)), 1);
        Endpoint first = cluster.endpoints().all().get(0);
        cluster.health(first, Health.EJECTED, 2);
        cluster.health(first, Health.EJECTED, 3);
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.2", 80)), 4);
        cluster.health(first, Health.HEALTHY, 5);
        assertEquals(
                List.of(
                        "settings 2 to 5",
                        "joined [10.0.0.1:80] left [] now [10.0.0.1:80]",
                        "10.0.0.1:80 healthy to ejected",
                        "joined [10.0.0.2:80] left [10.0.0.1:80] now [10.0.0.2:80]"),
                heard);
    }

    @Test
    void aBreakerIsOpenWhileTheNextRequestThatNeedsAConnectionIsRefused() {
        Cluster waits = new Cluster(
                Plans.cluster().maxConnections(1).maxRequests(1).maxPending(1).build());
        waits.connections().tryAcquire();
        waits.requests().tryAcquire();
        assertFalse(waits.isBreakerOpen(), "the next one waits");
        waits.pending().tryAcquire();
        assertTrue(waits.isBreakerOpen(), "nobody else may wait");

        Cluster refuses = new Cluster(Plans.cluster().maxRequests(1).build());
        assertFalse(refuses.isBreakerOpen());
        refuses.requests().tryAcquire();
        assertTrue(refuses.isBreakerOpen(), "no connection is made for it");
    }
}
