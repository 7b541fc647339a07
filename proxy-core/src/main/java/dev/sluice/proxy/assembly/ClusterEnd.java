package dev.sluice.proxy.assembly;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.pool.ClusterPool;
import dev.sluice.proxy.pool.PoolStage;
import dev.sluice.proxy.upstream.Connector;

/**
 * The last part of a cluster's attempt chain: what reaches its endpoints.
 *
 * @param stage takes an attempt that has its endpoint
 * @param close called once, when the cluster is no longer configured
 */
record ClusterEnd(AttemptStage stage, Runnable close) {
    /** Connections that are pooled. */
    static ClusterEnd pooled(Cluster cluster, Connector connector) {
        ClusterPool pool = new ClusterPool(cluster, connector);
        return new ClusterEnd(new PoolStage(cluster, pool), pool::close);
    }
}
