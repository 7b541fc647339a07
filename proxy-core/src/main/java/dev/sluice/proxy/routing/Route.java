package dev.sluice.proxy.routing;

import dev.sluice.config.plan.RoutePlan;
import dev.sluice.proxy.balance.hash.RouteKeys;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.RouteStage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A live route: its plan, its destinations joined with clusters, and the stages it runs. Immutable. */
public final class Route implements Routing {
    private final RoutePlan plan;
    private final List<Destination> destinations;
    /** Null where there is nothing to choose. */
    private final @Nullable DestinationPicker picker;

    private final @Nullable RouteKeys keys;
    private final RouteStage stages;

    /**
     * @param destinations of a forwarding route, in the plan's order; empty for one that answers by itself
     * @param stages everything that runs once a request, down to the retry bridge
     */
    public Route(RoutePlan plan, List<Destination> destinations, RouteStage stages) {
        this.plan = plan;
        this.destinations = List.copyOf(destinations);
        this.picker = this.destinations.size() > 1 ? new DestinationPicker(this.destinations) : null;
        this.keys =
                RouteKeys.of(this.destinations.stream().map(Destination::plan).toList());
        this.stages = stages;
    }

    /** What was configured. */
    public RoutePlan plan() {
        return plan;
    }

    /** The first of its stages. */
    public RouteStage stages() {
        return stages;
    }

    /**
     * The destination of a request: on a route that hashes the one that the request's key belongs to, and on one that does
     * not, or where the request has no key, the one that its random number falls on. Reads the key into {@code exchange}.
     *
     * @return null for a route that answers by itself
     */
    public @Nullable Destination choose(Exchange exchange) {
        if (keys != null) {
            int chosen = keys.choose(exchange);
            if (chosen != RouteKeys.NO_KEY) {
                return destinations.get(chosen);
            }
        }
        if (picker == null) {
            return destinations.isEmpty() ? null : destinations.get(0);
        }
        return picker.pick(exchange.randomId());
    }
}
