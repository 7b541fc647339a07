package dev.sluice.proxy.policy.headers;

import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.RouteActionPlan.Forward;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Edits the request for the destination that was chosen, and has the response edited later. */
public final class HeadersStage implements RouteStage {
    /** Forwarding the path that the rewrite was to replace could open what the rule meant to hide. */
    private static final ProxyError NO_PATH =
            ProxyError.proxy(ErrorCode.INTERNAL, "the rewritten path does not begin with a slash or cannot be sent");

    private final List<DestinationPlan> destinations;
    private final RequestEdits[] requests;
    private final ResponseHeaders[] responses;
    private final RouteStage next;

    /** Compiles the operations of every destination of {@code route}. */
    public HeadersStage(RoutePlan route, Forward action, RouteStage next) {
        this.destinations = action.destinations();
        this.next = next;
        boolean single = destinations.size() == 1;
        this.requests = new RequestEdits[destinations.size()];
        this.responses = new ResponseHeaders[destinations.size()];
        for (int i = 0; i < requests.length; i++) {
            HeaderPlan own = destinations.get(i).headers();
            requests[i] = new RequestEdits(route.headers(), own, action.rewrite(), single);
            responses[i] = new ResponseHeaders(route.headers(), own, single);
        }
    }

    /** Whether no destination of the route changes anything: the stage is not linked then. */
    public static boolean isNeeded(RoutePlan route, Forward action) {
        return !route.headers().isEmpty()
                || action.rewrite() != null
                || action.destinations().stream()
                        .anyMatch(destination -> !destination.headers().isEmpty());
    }

    @Override
    public void handle(Exchange exchange) {
        int chosen = indexOf(exchange.destination());
        if (!requests[chosen].apply(new FormatContext(exchange.request(), null, exchange))) {
            exchange.fail(NO_PATH);
            return;
        }
        if (!responses[chosen].isEmpty()) {
            exchange.addResponseEdit(responses[chosen]);
        }
        next.handle(exchange);
    }

    @SuppressWarnings("ReferenceEquality") // the plan is the very object of the route; two may be equal in value
    private int indexOf(@Nullable Destination chosen) {
        if (chosen != null) {
            for (int i = 0; i < requests.length; i++) {
                if (destinations.get(i) == chosen.plan()) {
                    return i;
                }
            }
        }
        return 0;
    }
}
