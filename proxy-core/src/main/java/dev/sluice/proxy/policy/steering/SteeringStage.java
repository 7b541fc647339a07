package dev.sluice.proxy.policy.steering;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.exchange.Steering;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Takes the x-envoy-* headers that steer timeouts and retries off a request, and heeds them where the app of this workload
 * sent it. A gateway's requests never get here with one: its edge takes everything of that kind off. Immutable.
 */
public final class SteeringStage implements RouteStage {
    private static final AsciiString PREFIX = AsciiString.cached("x-envoy-");

    private final boolean heeded;
    private final RouteStage next;

    /** @param heeded whether the listener's requests are the app's own; those of others may not steer this proxy */
    public SteeringStage(boolean heeded, RouteStage next) {
        this.heeded = heeded;
        this.next = next;
    }

    @Override
    public void handle(Exchange exchange) {
        Steering asked = take(exchange.request().headers(), heeded);
        if (asked != null) {
            exchange.steering(asked);
        }
        next.handle(exchange);
    }

    /**
     * Takes the headers off.
     *
     * @param heeded as of the stage
     * @return what they ask for; null for nothing that is heeded
     */
    public static @Nullable Steering take(Headers headers, boolean heeded) {
        // Hardly any request has one: a look at the first letters, and nothing is parsed or searched.
        if (!headers.containsPrefix(PREFIX)) {
            return null;
        }
        Steering asked = heeded ? SteeringHeaders.read(headers) : null;
        SteeringHeaders.remove(headers);
        return asked;
    }
}
