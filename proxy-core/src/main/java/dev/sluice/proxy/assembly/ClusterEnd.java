package dev.sluice.proxy.assembly;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.pool.ClusterPool;
import dev.sluice.proxy.pool.PoolStage;
import dev.sluice.proxy.tcp.TcpCluster.ConnectionPermits;
import dev.sluice.proxy.upstream.Connector;
import dev.sluice.proxy.upstream.Dialer;
import org.jspecify.annotations.Nullable;

/**
 * The last part of a cluster's attempt chain: what reaches its endpoints.
 *
 * @param stage takes an attempt that has its endpoint
 * @param close called once, when the cluster is no longer configured
 * @param sockets null where there are none
 */
record ClusterEnd(AttemptStage stage, Runnable close, @Nullable Sockets sockets) {
    /** Reaches them by requests alone. */
    ClusterEnd(AttemptStage stage, Runnable close) {
        this(stage, close, null);
    }

    /**
     * What connections of bytes need.
     *
     * @param permits shared with the connections that carry requests
     */
    record Sockets(ConnectionPermits permits, Dialer dialer) {}

    /** Connections that are pooled. */
    static ClusterEnd pooled(Cluster cluster, Connector connector) {
        ClusterPool pool = new ClusterPool(cluster, connector);
        Sockets sockets = new Sockets(permits(pool), connector.dialer());
        return new ClusterEnd(new PoolStage(cluster, pool), pool::close, sockets);
    }

    private static ConnectionPermits permits(ClusterPool pool) {
        return new ConnectionPermits() {
            @Override
            public boolean take(Endpoint endpoint) {
                return pool.tryPermit(endpoint);
            }

            @Override
            public void giveBack(Endpoint endpoint) {
                pool.releasePermit(endpoint);
            }
        };
    }
}
