package dev.sluice.proxy.balance;

import dev.sluice.config.plan.RouteActionPlan.Forward;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptEnd;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
        Exchange exchange = attempt.exchange();
        Predicate<Endpoint> tried = attempt.number() > 0 && avoidsTried(exchange.route()) ? exchange::hasTried : null;
        Endpoint endpoint = exchange.isHashed() ? balancer.pick(exchange.hashKey(), tried) : balancer.pick(tried);
        if (endpoint == null) {
            attempt.fail(NOTHING_LEFT);
            return;
        }
        attempt.endpoint(endpoint);
        exchange.tried(endpoint);
        endpoint.started();
        attempt.onEnd(this);
        next.handle(attempt);
    }

    /**
     * Whether a further try goes elsewhere. One of a route with a single hashed destination stays with the key's endpoint,
     * which is what the key is for (spec/istio-fields.md §12.3).
     */
    private static boolean avoidsTried(@Nullable RoutePlan route) {
        return route != null
                && route.action() instanceof Forward forward
                && forward.retry().ignorePreviousHosts()
                && (forward.destinations().size() > 1
                        || forward.destinations().get(0).hash().keys().isEmpty());
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
