package dev.sluice.proxy.tcp;

import dev.sluice.config.plan.policy.OutlierPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.policy.outlier.OutlierDetector;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;

/**
 * What one connection holds of its cluster: an endpoint's place, a connection permit, and while it connects one of those who
 * wait. Each is given back exactly once. Event loop of the connection.
 */
final class Claim {
    /** What the answer of a server stands for that was reached: nothing more is known of bytes. */
    private static final int REACHED = 200;

    private final TcpCluster of;
    private final Endpoint endpoint;
    private boolean connecting = true;
    private boolean open = true;

    Claim(TcpCluster of, Endpoint endpoint) {
        this.of = of;
        this.endpoint = endpoint;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Cluster cluster() {
        return of.cluster();
    }

    /** The connect came about; to outlier detection that is all there is of success (spec/istio-fields.md §12.6). */
    void connected() {
        endConnecting();
        OutlierPlan plan = cluster().plan().outlier();
        if (plan != null) {
            OutlierDetector outliers = of.outliers();
            outliers.connected(plan, endpoint);
            outliers.answered(plan, endpoint, REACHED, System.nanoTime());
        }
    }

    /** There is no connection. */
    void failed(ProxyError error) {
        endConnecting();
        OutlierPlan plan = cluster().plan().outlier();
        boolean upstreams = error.origin() == ProxyError.Origin.UPSTREAM;
        if (plan != null && upstreams) {
            of.outliers().unanswered(plan, endpoint, error.code() == ErrorCode.CONNECT_TIMEOUT, System.nanoTime());
        }
        giveBack(upstreams);
    }

    /**
     * The connection is closed, or nobody waits for it any more.
     *
     * @param failed whether the upstream broke it
     */
    void giveBack(boolean failed) {
        if (!open) {
            return;
        }
        open = false;
        endConnecting();
        of.permits().giveBack(endpoint);
        endpoint.ended(failed);
    }

    private void endConnecting() {
        if (connecting) {
            connecting = false;
            cluster().pending().release();
        }
    }
}
