package dev.sluice.proxy.assembly;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.upstream.Connector;
import dev.sluice.proxy.upstream.names.DnsResolver;
import dev.sluice.proxy.upstream.names.ForbiddenAddresses;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The live clusters by name. A reload changes settings and members inside the same objects, so counters, ejections and
 * connections go on; a cluster that no configuration names any more is forgotten, and exchanges that hold it end on it.
 * It goes on as it was until {@link #closeForgotten}: until then the snapshot in force still leads to it.
 *
 * <p>Changed by the configuration thread only; may be read from others.
 */
public final class ClusterRegistry implements AutoCloseable {
    private final LiveCluster.Surroundings surroundings;
    private final Map<ClusterKey, LiveCluster> clusters = new HashMap<>();
    private final List<LiveCluster> forgotten = new ArrayList<>();
    private volatile boolean servesOutside;
    private long membership;
    private Map<ClusterKey, ClusterPlan> applied = Map.of();

    /**
     * Starts empty.
     *
     * @param timers an event loop, for what clusters do from time to time
     * @param own addresses of this process, which must not be reached by dialling them
     */
    public ClusterRegistry(
            Connector connector, DnsResolver dns, ScheduledExecutorService timers, Predicate<InetSocketAddress> own) {
        Connector towardsApp = connector.towardsApp();
        this.surroundings = new LiveCluster.Surroundings(
                cluster -> ClusterEnd.pooled(
                        cluster, cluster.key().host().equals(ClusterKey.INBOUND_HOST) ? towardsApp : connector),
                dns,
                timers,
                address -> ForbiddenAddresses.contains(address.getAddress()) || own.test(address),
                address -> own.test(address)
                        || (servesOutside && address.getAddress().isLoopbackAddress()));
    }

    /** @param ends makes what reaches the endpoints of a cluster */
    ClusterRegistry(Function<Cluster, ClusterEnd> ends, DnsResolver dns, ScheduledExecutorService timers) {
        this.surroundings = new LiveCluster.Surroundings(ends, dns, timers, address -> true, address -> true);
    }

    /**
     * Says whether clients from outside this host are served: a name of theirs may not stand for loopback then, where what
     * listens is for this host's own processes (spec/reliability.md E8).
     */
    public void servesOutside(boolean outside) {
        servesOutside = outside;
    }

    /** Brings the registry in line with {@code plans}; to be followed by {@link #closeForgotten} when they are in force. */
    public synchronized void apply(Map<ClusterKey, ClusterPlan> plans) {
        if (isApplied(plans)) {
            return;
        }
        for (ClusterPlan plan : plans.values()) {
            LiveCluster live = clusters.get(plan.key());
            if (live != null && live.canBecome(plan)) {
                live.update(plan);
                continue;
            }
            if (live != null) {
                forgotten.add(live);
            }
            clusters.put(plan.key(), LiveCluster.start(plan, surroundings));
            membership++;
        }
        List<ClusterKey> gone = new ArrayList<>(clusters.keySet());
        gone.removeAll(plans.keySet());
        for (ClusterKey key : gone) {
            LiveCluster live = clusters.remove(key);
            if (live != null) {
                membership++;
                forgotten.add(live);
            }
        }
        applied = plans;
    }

    /** What is in force names the clusters of now and no others. */
    public synchronized void closeForgotten() {
        forgotten.forEach(LiveCluster::close);
        forgotten.clear();
    }

    private boolean isApplied(Object plans) {
        return plans == applied;
    }

    /** Completes once the endpoints of all clusters of now were looked for: found, or known to have no address yet. */
    synchronized CompletableFuture<Void> ready() {
        return CompletableFuture.allOf(clusters.values().stream()
                .map(live -> live.ready().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Another number whenever there is another answer of {@link #find}. */
    synchronized long membership() {
        return membership;
    }

    /** The cluster of that name; null when there is none. */
    synchronized @Nullable LiveCluster find(ClusterKey key) {
        return clusters.get(key);
    }

    /** All clusters. */
    public synchronized Collection<Cluster> clusters() {
        return clusters.values().stream().map(LiveCluster::cluster).toList();
    }

    @Override
    public synchronized void close() {
        closeForgotten();
        clusters.values().forEach(LiveCluster::close);
        clusters.clear();
    }
}
