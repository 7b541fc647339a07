package dev.sluice.proxy.assembly;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.proxy.balance.BalanceStage;
import dev.sluice.proxy.balance.Balancer;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.policy.breaker.AdmissionStage;
import dev.sluice.proxy.pool.ClusterPool;
import dev.sluice.proxy.pool.PoolStage;
import dev.sluice.proxy.upstream.Connector;

/** A cluster with the machinery behind it. Lives over reloads; changed by the configuration thread only. */
final class LiveCluster {
    private final Cluster cluster;
    private final AttemptStage attempts;

    private LiveCluster(Cluster cluster, AttemptStage attempts) {
        this.cluster = cluster;
        this.attempts = attempts;
    }

    /** Joins a new cluster with its stages, top-down, and finds its endpoints. */
    static LiveCluster start(ClusterPlan plan, Connector connector) {
        Cluster cluster = new Cluster(plan);
        AttemptStage pool = new PoolStage(cluster, new ClusterPool(cluster, connector));
        AttemptStage balance = new BalanceStage(cluster, new Balancer(cluster), pool);
        LiveCluster live = new LiveCluster(cluster, new AdmissionStage(cluster, balance));
        live.discover(plan);
        return live;
    }

    Cluster cluster() {
        return cluster;
    }

    /** What an attempt goes through: admission, balance, pool. */
    AttemptStage attempts() {
        return attempts;
    }

    void update(ClusterPlan newer) {
        if (!newer.equals(cluster.plan())) {
            cluster.update(newer);
            discover(newer);
        }
    }

    private void discover(ClusterPlan plan) {
        if (plan.discovery() == ClusterPlan.Discovery.STATIC) {
            var left = cluster.replaceEndpoints(plan.endpoints(), System.nanoTime());
            assert left != null;
        }
    }

    /** Its connections finish their streams and close: no endpoint is a member any more. */
    void close() {
        var left = cluster.replaceEndpoints(java.util.List.of(), System.nanoTime());
        assert left != null;
    }
}
