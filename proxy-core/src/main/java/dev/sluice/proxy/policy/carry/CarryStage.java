package dev.sluice.proxy.policy.carry;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.RouteStage;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Runs before the router, so that a header which is put back takes part in the choice of a route. Linked only where the
 * configuration names headers to carry. Immutable.
 */
public final class CarryStage implements RouteStage {
    private final CarriedHeaders memory;
    private final List<AsciiString> names;
    private final boolean fromApp;
    private final RouteStage next;

    /**
     * @param names lower-case names of the headers, at least one
     * @param fromApp whether the listener's requests are the app's own: put back; those of others are remembered
     */
    public CarryStage(CarriedHeaders memory, List<String> names, boolean fromApp, RouteStage next) {
        this.memory = memory;
        this.names = names.stream().map(AsciiString::cached).toList();
        this.fromApp = fromApp;
        this.next = next;
    }

    @Override
    public void handle(Exchange exchange) {
        if (fromApp) {
            memory.recall(names, exchange.request().headers());
        } else {
            memory.remember(names, exchange.request().headers());
        }
        next.handle(exchange);
    }
}
