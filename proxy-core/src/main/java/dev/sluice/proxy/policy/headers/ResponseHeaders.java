package dev.sluice.proxy.policy.headers;

import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ResponseEdit;
import dev.sluice.proxy.stream.ResponseHead;

/** Response header operations of a route and one of its destinations. Immutable. */
public final class ResponseHeaders implements ResponseEdit {
    private final HeaderOperations[] operations;

    /** @param destination {@link HeaderPlan#NONE} where there is none */
    public ResponseHeaders(HeaderPlan route, HeaderPlan destination) {
        this.operations = LevelledOperations.compile(route.response(), destination.response());
    }

    /** Whether nothing is ever changed. */
    public boolean isEmpty() {
        return operations.length == 0;
    }

    @Override
    public void apply(Exchange exchange, ResponseHead head) {
        FormatContext context = new FormatContext(exchange.request(), head, exchange);
        for (HeaderOperations list : operations) {
            list.apply(head.headers(), context);
        }
    }
}
