package dev.sluice.proxy.balance;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptEnd;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;

/** Gives the attempt its endpoint and counts it there until it ends; 503 NO_HEALTHY_UPSTREAM when nothing is left. */
public final class BalanceStage implements AttemptStage, AttemptEnd {
    private static final ProxyError NOTHING_LEFT =
            ProxyError.proxy(ErrorCode.NO_HEALTHY_UPSTREAM, "the cluster has no usable endpoint");

    private final Cluster cluster;
    private final Balancer balancer;
    private final AttemptStage next;

    /** For one cluster. */
    public BalanceStage(Cluster cluster, Balancer balancer, AttemptStage next) {
        this.cluster = cluster;
        this.balancer = balancer;
        this.next = next;
    }

    @Override
    public void handle(Attempt attempt) {
        attempt.cluster(cluster);
        Endpoint endpoint = attempt.number() == 0
                ? balancer.pick(SelectionContext.NONE, null)
                : balancer.pick(SelectionContext.NONE, attempt.exchange()::hasTried);
        if (endpoint == null) {
            attempt.fail(NOTHING_LEFT);
            return;
        }
        attempt.endpoint(endpoint);
        attempt.exchange().tried(endpoint);
        endpoint.started();
        attempt.onEnd(this);
        next.handle(attempt);
    }

    @Override
    public void attemptEnded(Attempt attempt) {
        Endpoint endpoint = attempt.endpoint();
        if (endpoint != null) {
            ProxyError error = attempt.error();
            boolean upstreamsFault = error != null && error.origin() == ProxyError.Origin.UPSTREAM;
            endpoint.ended(attempt.status() >= 500 || upstreamsFault);
        }
    }
}
