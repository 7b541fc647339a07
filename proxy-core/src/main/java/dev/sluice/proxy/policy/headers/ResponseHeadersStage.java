package dev.sluice.proxy.policy.headers;

import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.RouteActionPlan.Forward;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.RouteStage;
import java.util.List;

/** Has the response edited, whoever makes it from here on: the upstream, or Sluice in its place. */
public final class ResponseHeadersStage implements RouteStage {
    private final List<DestinationPlan> destinations;
    private final ResponseHeaders[] edits;
    private final RouteStage next;

    /** Compiles the response operations of every destination of {@code route}. */
    public ResponseHeadersStage(RoutePlan route, Forward action, RouteStage next) {
        this.destinations = action.destinations();
        this.next = next;
        this.edits = destinations.stream()
                .map(destination -> new ResponseHeaders(route.headers(), destination.headers()))
                .toArray(ResponseHeaders[]::new);
    }

    /** Whether some destination's responses are changed: the stage is not linked else. */
    public static boolean isNeeded(RoutePlan route, Forward action) {
        return !route.headers().response().isEmpty()
                || action.destinations().stream()
                        .anyMatch(
                                destination -> !destination.headers().response().isEmpty());
    }

    @Override
    public void handle(Exchange exchange) {
        ResponseHeaders edit = edits[DestinationIndex.of(destinations, exchange)];
        if (!edit.isEmpty()) {
            exchange.addResponseEdit(edit);
        }
        next.handle(exchange);
    }
}
