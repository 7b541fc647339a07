package dev.sluice.proxy.exchange;

import dev.sluice.proxy.stream.ResponseHead;

/**
 * Changes a final response head on its way to the client, also one that the proxy made itself after a route was chosen
 * (spec/istio-fields.md §1.3 rule 7). Immutable; shared by all event loops.
 */
@FunctionalInterface
public interface ResponseEdit {
    /** Edits {@code head} in place. */
    void apply(Exchange exchange, ResponseHead head);

    /** This one, then {@code later}. */
    default ResponseEdit then(ResponseEdit later) {
        return (exchange, head) -> {
            apply(exchange, head);
            later.apply(exchange, head);
        };
    }
}
