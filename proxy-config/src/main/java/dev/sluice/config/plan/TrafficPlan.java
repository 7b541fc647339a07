package dev.sluice.config.plan;

import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a listener does with the connections that it accepts.
 *
 * @param routes the route table of its cleartext HTTP traffic; null where it serves none
 * @param chains what else may become of its connections: TLS, and bytes; of those that no chain takes the cleartext table
 *     serves HTTP, and without one they are closed
 * @param capture null as a rule. Set for a listener of redirected connections: which chain takes one goes by the address
 *     that the client dialled
 * @param detection null as a rule. Set where nobody declared what is spoken on the listener's port: HTTP in the clear goes by
 *     {@code routes}, before any chain, and all else by the chains
 */
public record TrafficPlan(
        @Nullable RouteTablePlan routes,
        List<ChainPlan> chains,
        @Nullable CapturePlan capture,
        @Nullable DetectionPlan detection) {
    public TrafficPlan {
        chains = List.copyOf(chains);
    }

    /** Cleartext HTTP alone. */
    public static TrafficPlan cleartext(RouteTablePlan routes) {
        return new TrafficPlan(routes, List.of(), null, null);
    }

    /** Chains, and no cleartext HTTP beside them. */
    public static TrafficPlan chains(List<ChainPlan> chains) {
        return new TrafficPlan(null, chains, null, null);
    }

    /** Redirected connections. */
    public static TrafficPlan captured(List<ChainPlan> chains, CapturePlan capture) {
        return new TrafficPlan(null, chains, capture, null);
    }

    /** HTTP in the clear, and by the chains what is none. */
    public static TrafficPlan told(RouteTablePlan routes, List<ChainPlan> chains, DetectionPlan detection) {
        return new TrafficPlan(routes, chains, null, detection);
    }

    /** The same with other tables of requests. */
    public TrafficPlan withTables(@Nullable RouteTablePlan newRoutes, List<ChainPlan> newChains) {
        return new TrafficPlan(newRoutes, newChains, capture, detection);
    }

    /** Every table of requests: that of cleartext first, then those of chains. */
    public List<RouteTablePlan> tables() {
        List<RouteTablePlan> tables = new ArrayList<>(1 + chains.size());
        if (routes != null) {
            tables.add(routes);
        }
        for (ChainPlan chain : chains) {
            if (chain.target() instanceof ChainTarget.Http http) {
                tables.add(http.routes());
            }
        }
        return tables;
    }
}
