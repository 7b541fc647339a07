package dev.sluice.proxy.assembly;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.proxy.balance.BalanceStage;
import dev.sluice.proxy.balance.Balancer;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.policy.breaker.AdmissionStage;
import dev.sluice.proxy.policy.outlier.OutlierDetector;
import dev.sluice.proxy.policy.outlier.OutlierStage;
import dev.sluice.proxy.policy.outlier.OutlierSweep;
import dev.sluice.proxy.pool.ClusterPool;
import dev.sluice.proxy.pool.PoolStage;
import dev.sluice.proxy.upstream.Connector;
import dev.sluice.proxy.upstream.DnsResolver;
import dev.sluice.proxy.upstream.EndpointSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** A cluster with the machinery behind it. Lives over reloads; changed by the configuration thread only. */
final class LiveCluster {
    private final Cluster cluster;
    private final AttemptStage attempts;
    private final OutlierDetector outliers;
    private final ClusterPool pool;
    private @Nullable EndpointSource endpoints;
    private @Nullable OutlierSweep sweep;

    private LiveCluster(Cluster cluster, ClusterPool pool, OutlierDetector outliers, AttemptStage attempts) {
        this.cluster = cluster;
        this.pool = pool;
        this.outliers = outliers;
        this.attempts = attempts;
    }

    /**
     * A new cluster whose endpoints are found as its plan says.
     *
     * @param timers runs the sweeps of outlier detection
     */
    static LiveCluster start(ClusterPlan plan, Connector connector, DnsResolver dns, ScheduledExecutorService timers) {
        LiveCluster live = join(new Cluster(plan), connector);
        live.sweep = OutlierSweep.start(live.cluster, live.outliers, timers);
        live.endpoints = EndpointSource.start(live.cluster, dns);
        return live;
    }

    /** Joins {@code cluster}, whose endpoints are another's matter, with its stages, top-down. */
    static LiveCluster join(Cluster cluster, Connector connector) {
        ClusterPool pool = new ClusterPool(cluster, connector);
        OutlierDetector outliers = new OutlierDetector(cluster);
        AttemptStage watched = new OutlierStage(cluster, outliers, new PoolStage(cluster, pool));
        AttemptStage balance = new BalanceStage(cluster, new Balancer(cluster), watched);
        return new LiveCluster(
                cluster, pool, outliers, new RefusalStage(cluster, new AdmissionStage(cluster, balance)));
    }

    Cluster cluster() {
        return cluster;
    }

    /** What an attempt goes through: refusal, admission, balance, outlier detection, pool. */
    AttemptStage attempts() {
        return attempts;
    }

    void update(ClusterPlan newer) {
        if (!newer.equals(cluster.plan())) {
            cluster.update(newer);
            if (endpoints != null) {
                endpoints.reload();
            }
        }
    }

    /** Its connections finish their streams and close: no endpoint is a member any more. */
    void close() {
        if (endpoints != null) {
            endpoints.close();
        }
        if (sweep != null) {
            sweep.close();
        }
        cluster.replaceEndpoints(List.of(), System.nanoTime());
        pool.close();
    }
}
