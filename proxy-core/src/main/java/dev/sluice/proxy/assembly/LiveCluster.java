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
import dev.sluice.proxy.upstream.DnsResolver;
import dev.sluice.proxy.upstream.EndpointSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A cluster with the machinery behind it. Lives over reloads; changed by the configuration thread only. */
final class LiveCluster {
    private final Cluster cluster;
    private final AttemptStage attempts;
    private @Nullable EndpointSource endpoints;

    private LiveCluster(Cluster cluster, AttemptStage attempts) {
        this.cluster = cluster;
        this.attempts = attempts;
    }

    /** A new cluster whose endpoints are found as its plan says. */
    static LiveCluster start(ClusterPlan plan, Connector connector, DnsResolver dns) {
        LiveCluster live = join(new Cluster(plan), connector);
        live.endpoints = EndpointSource.start(live.cluster, dns);
        return live;
    }

    /** Joins {@code cluster}, whose endpoints are another's matter, with its stages, top-down. */
    static LiveCluster join(Cluster cluster, Connector connector) {
        AttemptStage pool = new PoolStage(cluster, new ClusterPool(cluster, connector));
        AttemptStage balance = new BalanceStage(cluster, new Balancer(cluster), pool);
        return new LiveCluster(cluster, new AdmissionStage(cluster, balance));
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
        cluster.replaceEndpoints(List.of(), System.nanoTime());
    }
}
