package dev.sluice.config.plan.chain;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.RuleRef;
import java.util.List;

/**
 * Where the bytes of a connection go. The destination is drawn once, when the connection comes.
 *
 * @param rule what it was compiled from
 * @param destinations with weights above zero
 * @param idleTimeoutMillis without a byte either way until both sides are closed; 0 for never
 */
public record TcpRoutePlan(RuleRef rule, List<TcpDestination> destinations, long idleTimeoutMillis) {
    public TcpRoutePlan {
        destinations = List.copyOf(destinations);
    }

    /**
     * One destination.
     *
     * @param weight share among the destinations of the route, above zero
     */
    public record TcpDestination(ClusterKey cluster, int weight) {}
}
