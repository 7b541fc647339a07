package dev.sluice.proxy.policy.timeout;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.RouteStage;
import java.time.Duration;

/**
 * How long neither a request nor its response may move (spec/istio-fields.md §7, §9.1): of a listener, or of a route, which
 * has the last word. Tunnels are watched too.
 */
public final class StreamIdleStage implements RouteStage {
    private final long timeoutNanos;
    private final RouteStage next;

    /** @param timeout zero for none, where a listener has one */
    public StreamIdleStage(Duration timeout, RouteStage next) {
        this.timeoutNanos = timeout.toNanos();
        this.next = next;
    }

    @Override
    public void handle(Exchange exchange) {
        exchange.idleTimeout(timeoutNanos);
        next.handle(exchange);
    }
}
