package dev.sluice.proxy.snapshot;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.routing.Router;
import dev.sluice.proxy.session.TcpObserver;
import java.util.List;

/**
 * What one listener does with its requests, as of one configuration. Immutable.
 *
 * @param plan what was configured
 * @param router its route table, also what {@code explain} asks
 * @param entry first stage of every request; ends in the router
 * @param observer told about every exchange
 * @param chains what else may become of its connections, in the plan's order
 * @param streams told about every connection that carries bytes
 */
public record ListenerRuntime(
        ListenerPlan plan,
        Router router,
        RouteStage entry,
        ExchangeObserver observer,
        List<ChainRuntime> chains,
        TcpObserver streams) {
    public ListenerRuntime {
        chains = List.copyOf(chains);
    }
}
