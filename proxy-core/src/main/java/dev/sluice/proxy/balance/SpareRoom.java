package dev.sluice.proxy.balance;

import dev.sluice.config.plan.BalancePlan.LocalityPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.EndpointSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes whose endpoint is full ({@code sluice.dev/max-requests-per-endpoint}): to any other that is usable
 * and has room, so that no request is refused while there is some. Where traffic is distributed over localities by weight
 * it stays in its locality, others may be meant to get nothing. Thread-safe.
 */
final class SpareRoom {
    private SpareRoom() {}

    /** Starts a request at an endpoint of {@code cluster}, the next after {@code full} that has room; null when none has. */
    static @Nullable Endpoint start(Cluster cluster, Endpoint full) {
        EndpointSet set = cluster.endpoints();
        LocalityPlan locality = cluster.plan().balance().locality();
        boolean stays = locality != null && !locality.distribute().isEmpty();
        List<Endpoint> usable = set.healthy().isEmpty() ? set.all() : set.healthy();
        int size = usable.size();
        int after = usable.indexOf(full) + 1;
        for (int i = 0; i < size; i++) {
            Endpoint endpoint = usable.get((after + i) % size);
            if ((!stays || Objects.equals(endpoint.locality(), full.locality())) && endpoint.started()) {
                return endpoint;
            }
        }
        return null;
    }
}
