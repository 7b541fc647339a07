package dev.sluice.proxy.balance;

import static dev.sluice.proxy.cluster.Plans.endpoint;
import static dev.sluice.proxy.cluster.Plans.in;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.policy.BalancePlan.DistributePlan;
import dev.sluice.config.plan.policy.BalancePlan.LocalityPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Health;
import dev.sluice.proxy.cluster.Plans;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests whose endpoint is full. */
class SpareRoomTest {
    private final Cluster cluster =
            new Cluster(Plans.cluster().maxRequestsPerEndpoint(1).build());

    private Endpoint member(int index) {
        return cluster.endpoints().all().get(index);
    }

    private void members(int count) {
        cluster.replaceEndpoints(
                List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80), endpoint("10.0.0.3", 80))
                        .subList(0, count),
                0);
    }

    @Test
    void theNextOneWithRoomIsTakenUntilAllAreFull() {
        members(3);
        assertTrue(member(1).started());
        assertSame(member(2), SpareRoom.start(cluster, member(1)));
        assertSame(member(0), SpareRoom.start(cluster, member(1)));
        assertNull(SpareRoom.start(cluster, member(1)));
        assertEquals(1, member(0).active());
        member(2).ended(false);
        assertSame(member(2), SpareRoom.start(cluster, member(1)));
    }

    @Test
    void whatIsEjectedHasNoRoom() {
        members(2);
        assertTrue(member(0).started());
        cluster.health(member(1), Health.EJECTED, 0);
        assertNull(SpareRoom.start(cluster, member(0)));
    }

    @Test
    void aFullOneThatHasJustLeftIsReplacedToo() {
        members(3);
        Endpoint left = member(2);
        assertTrue(left.started());
        members(2);
        assertSame(member(0), SpareRoom.start(cluster, left));
    }

    @Test
    void trafficThatIsDistributedByWeightStaysInItsLocality() {
        LocalityPlan locality = new LocalityPlan(
                "r/a", List.of(new DistributePlan("r/a/*", Map.of("r/a/*", 100))), Map.of(), List.of(), Map.of());
        Cluster distributed = new Cluster(
                Plans.cluster().maxRequestsPerEndpoint(1).locality(locality).build());
        distributed.replaceEndpoints(List.of(in("r/a", "10.0.0.1"), in("r/b", "10.0.0.2"), in("r/a", "10.0.0.3")), 0);
        List<Endpoint> members = distributed.endpoints().all();
        assertTrue(members.get(0).started());
        assertSame(members.get(2), SpareRoom.start(distributed, members.get(0)));
        assertNull(SpareRoom.start(distributed, members.get(0)));
    }

    @Test
    void withFailoverTheNearestWithRoomIsTaken() {
        LocalityPlan locality = new LocalityPlan("r/a", List.of(), Map.of("r", "near"), List.of(), Map.of());
        Cluster failing = new Cluster(
                Plans.cluster().maxRequestsPerEndpoint(1).locality(locality).build());
        failing.replaceEndpoints(
                List.of(
                        in("r/a", "10.0.0.1"),
                        in("far/a", "10.0.0.2"),
                        in("near/a", "10.0.0.3"),
                        in("r/b", "10.0.0.4"),
                        in("r/a", "10.0.0.5")),
                0);
        List<Endpoint> members = failing.endpoints().all();
        assertTrue(members.get(0).started());
        assertSame(members.get(4), SpareRoom.start(failing, members.get(0)), "of the own zone");
        assertSame(members.get(3), SpareRoom.start(failing, members.get(0)), "of the own region");
        assertSame(members.get(2), SpareRoom.start(failing, members.get(0)), "of the region to fail over to");
        assertSame(members.get(1), SpareRoom.start(failing, members.get(0)), "of any other");
        assertNull(SpareRoom.start(failing, members.get(0)));
    }
}
