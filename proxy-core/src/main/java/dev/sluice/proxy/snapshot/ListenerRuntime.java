package dev.sluice.proxy.snapshot;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.routing.Router;
import dev.sluice.proxy.session.TcpObserver;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one listener does with its requests, as of one configuration. Immutable.
 *
 * @param plan what was configured
 * @param router its route table, also what {@code explain} asks
 * @param entry first stage of every request; ends in the router
 * @param observer told about every exchange
 * @param chains what else may become of its connections, in the plan's order
 * @param streams told about every connection that carries bytes
 * @param capture where redirected connections go; null for a listener that is connected to
 */
public record ListenerRuntime(
        ListenerPlan plan,
        Router router,
        RouteStage entry,
        ExchangeObserver observer,
        List<ChainRuntime> chains,
        TcpObserver streams,
        @Nullable CaptureIndex capture) {
    public ListenerRuntime {
        chains = List.copyOf(chains);
    }

    /** What becomes of a redirected connection to {@code dialled}; null when nothing does. */
    public @Nullable Ways ways(InetSocketAddress dialled) {
        return capture == null ? null : capture.find(dialled);
    }
}
