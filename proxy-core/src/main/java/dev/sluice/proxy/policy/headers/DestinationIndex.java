package dev.sluice.proxy.policy.headers;

import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import java.util.List;

/** Which of its route's destinations an exchange goes to. */
final class DestinationIndex {
    private DestinationIndex() {}

    /** 0 where none was chosen. */
    @SuppressWarnings("ReferenceEquality") // the plan is the very object of the route; two may be equal in value
    static int of(List<DestinationPlan> destinations, Exchange exchange) {
        Destination chosen = exchange.destination();
        if (chosen != null) {
            for (int i = 0; i < destinations.size(); i++) {
                if (destinations.get(i) == chosen.plan()) {
                    return i;
                }
            }
        }
        return 0;
    }
}
