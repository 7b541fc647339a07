package dev.sluice.proxy.balance;

import dev.sluice.config.plan.RouteActionPlan.Forward;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptEnd;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Gives the attempt its endpoint and counts it there until it ends; 503 NO_HEALTHY_UPSTREAM when nothing is left. */
public final class BalanceStage implements AttemptStage, AttemptEnd {
    private static final ProxyError NOTHING_LEFT =
            ProxyError.proxy(ErrorCode.NO_HEALTHY_UPSTREAM, "the cluster has no usable endpoint");

    private static final ProxyError FULL =
            ProxyError.proxy(ErrorCode.BREAKER_OPEN, "sluice.dev/max-requests-per-endpoint is reached");

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
        Exchange exchange = attempt.exchange();
        InetSocketAddress dialled = exchange.connection().dialled();
        Endpoint meant = balancer.meant(dialled);
        if (meant != null) {
            give(attempt, meant);
            return;
        }
        EarlierTries earlier = attempt.number() == 0 ? EarlierTries.NONE : earlier(exchange);
        Endpoint endpoint = exchange.isHashed() ? balancer.pick(exchange.hashKey(), earlier) : balancer.pick(earlier);
        give(attempt, endpoint == null ? balancer.dialled(dialled) : endpoint);
    }

    /** Goes on with that endpoint, or with another where it is full; null for none. */
    void give(Attempt attempt, @Nullable Endpoint picked) {
        Endpoint endpoint = picked;
        if (endpoint == null) {
            attempt.fail(NOTHING_LEFT);
            return;
        }
        Exchange exchange = attempt.exchange();
        if (!endpoint.started()) {
            // A key belongs to its endpoint: elsewhere the request would find nothing of what the key stands for.
            // So it is with what was dialled.
            boolean only = exchange.isHashed()
                    || cluster.plan().discovery().isByRequest()
                    || balancer.meant(exchange.connection().dialled()) != null;
            endpoint = only ? null : SpareRoom.start(cluster, endpoint);
            if (endpoint == null) {
                cluster.counters().endpointRefused();
                attempt.fail(FULL);
                return;
            }
        }
        attempt.endpoint(endpoint);
        attempt.onEnd(this);
        next.handle(attempt);
    }

    /**
     * A further try avoids the endpoints of those before it, unless its route has it stay with them: one with a single
     * hashed destination does where nobody says otherwise (spec/istio-fields.md §1.7 and §12.3).
     */
    private static EarlierTries earlier(Exchange exchange) {
        RoutePlan route = exchange.route();
        if (route == null || !(route.action() instanceof Forward forward)) {
            return EarlierTries.NONE;
        }
        RetryPlan retry = forward.retry();
        return new EarlierTries(exchange.tried(), retry.ignorePreviousHosts(), retry.retryRemoteLocalities());
    }

    @Override
    public void attemptEnded(Attempt attempt) {
        Endpoint endpoint = attempt.endpoint();
        if (endpoint != null) {
            ProxyError error = attempt.error();
            boolean upstreamsFault = error != null && error.origin() == ProxyError.Origin.UPSTREAM;
            endpoint.ended(attempt.status() >= 500 || attempt.isTooLate() || upstreamsFault);
        }
    }
}
