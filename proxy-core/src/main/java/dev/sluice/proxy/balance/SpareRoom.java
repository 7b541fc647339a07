package dev.sluice.proxy.balance;

import dev.sluice.config.plan.policy.BalancePlan.LocalityPlan;
import dev.sluice.proxy.balance.selector.LocalityRank;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.EndpointSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes whose endpoint is full ({@code sluice.dev/max-requests-per-endpoint}): to any other that is usable
 * and has room, so that no request is refused while there is some; with failover to the nearest that has. Where traffic is
 * distributed over localities by weight it stays in its locality, others may be meant to get nothing. Thread-safe.
 */
public final class SpareRoom {
    private SpareRoom() {}

    /** Starts a request at an endpoint of {@code cluster}, the next after {@code full} that has room; null when none has. */
    public static @Nullable Endpoint start(Cluster cluster, Endpoint full) {
        EndpointSet set = cluster.endpoints();
        List<Endpoint> usable = set.healthy().isEmpty() ? set.all() : set.healthy();
        LocalityPlan locality = cluster.plan().balance().locality();
        if (locality == null) {
            return startAny(usable, full, endpoint -> true);
        }
        if (!locality.distribute().isEmpty()) {
            return startAny(usable, full, endpoint -> Objects.equals(endpoint.locality(), full.locality()));
        }
        LocalityRank rank = new LocalityRank(locality);
        int[] ranks = usable.stream().mapToInt(rank::of).distinct().sorted().toArray();
        for (int nearest : ranks) {
            Endpoint started = startAny(usable, full, endpoint -> rank.of(endpoint) == nearest);
            if (started != null) {
                return started;
            }
        }
        return null;
    }

    private static @Nullable Endpoint startAny(List<Endpoint> usable, Endpoint full, Predicate<Endpoint> isMeant) {
        int size = usable.size();
        int after = usable.indexOf(full) + 1;
        for (int i = 0; i < size; i++) {
            Endpoint endpoint = usable.get((after + i) % size);
            if (isMeant.test(endpoint) && endpoint.started()) {
                return endpoint;
            }
        }
        return null;
    }
}
