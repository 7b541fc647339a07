package dev.sluice.proxy.assembly;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.upstream.Connector;
import dev.sluice.proxy.upstream.DnsResolver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The live clusters by name. A reload changes settings and members inside the same objects, so counters, ejections and
 * connections go on; a cluster that no configuration names any more is forgotten, and exchanges that hold it end on it.
 *
 * <p>Changed by the configuration thread only; may be read from others.
 */
public final class ClusterRegistry implements AutoCloseable {
    private final Function<Cluster, ClusterEnd> ends;
    private final DnsResolver dns;
    private final ScheduledExecutorService timers;
    private final Map<ClusterKey, LiveCluster> clusters = new HashMap<>();

    /**
     * Starts empty.
     *
     * @param timers an event loop, for what clusters do from time to time
     */
    public ClusterRegistry(Connector connector, DnsResolver dns, ScheduledExecutorService timers) {
        this(cluster -> ClusterEnd.pooled(cluster, connector), dns, timers);
    }

    /** @param ends makes what reaches the endpoints of a cluster */
    ClusterRegistry(Function<Cluster, ClusterEnd> ends, DnsResolver dns, ScheduledExecutorService timers) {
        this.ends = ends;
        this.dns = dns;
        this.timers = timers;
    }

    /** Brings the registry in line with {@code plans}. */
    public synchronized void apply(Map<ClusterKey, ClusterPlan> plans) {
        for (ClusterPlan plan : plans.values()) {
            LiveCluster live = clusters.get(plan.key());
            if (live == null) {
                clusters.put(plan.key(), LiveCluster.start(plan, ends, dns, timers));
            } else {
                live.update(plan);
            }
        }
        List<ClusterKey> gone = new ArrayList<>(clusters.keySet());
        gone.removeAll(plans.keySet());
        for (ClusterKey key : gone) {
            LiveCluster live = clusters.remove(key);
            if (live != null) {
                live.close();
            }
        }
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
        clusters.values().forEach(LiveCluster::close);
        clusters.clear();
    }
}
