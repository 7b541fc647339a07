package dev.sluice.proxy.policy.headers;

import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.RouteActionPlan.Forward;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import java.util.List;

/** Edits the request for the destination that was chosen. */
public final class HeadersStage implements RouteStage {
    /** Forwarding the path that the rewrite was to replace could open what the rule meant to hide. */
    private static final ProxyError NO_PATH =
            ProxyError.proxy(ErrorCode.INTERNAL, "the rewritten path does not begin with a slash or cannot be sent");

    private final List<DestinationPlan> destinations;
    private final RequestEdits[] edits;
    private final RouteStage next;

    /** Compiles the request operations of every destination of {@code route}, and its rewrite. */
    public HeadersStage(RoutePlan route, Forward action, RouteStage next) {
        this.destinations = action.destinations();
        this.next = next;
        this.edits = destinations.stream()
                .map(destination -> new RequestEdits(route.headers(), destination.headers(), action.rewrite()))
                .toArray(RequestEdits[]::new);
    }

    /** Whether requests to some destination are changed: the stage is not linked else. */
    public static boolean isNeeded(RoutePlan route, Forward action) {
        return changesRequests(route.headers())
                || action.rewrite() != null
                || action.destinations().stream().anyMatch(destination -> changesRequests(destination.headers()));
    }

    private static boolean changesRequests(HeaderPlan headers) {
        return headers.authority() != null || !headers.request().isEmpty();
    }

    @Override
    public void handle(Exchange exchange) {
        RequestEdits edit = edits[DestinationIndex.of(destinations, exchange)];
        if (edit.apply(new FormatContext(exchange.request(), null, exchange))) {
            next.handle(exchange);
        } else {
            exchange.fail(NO_PATH);
        }
    }
}
