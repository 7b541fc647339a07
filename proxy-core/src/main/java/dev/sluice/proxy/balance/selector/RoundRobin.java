package dev.sluice.proxy.balance.selector;

import dev.sluice.proxy.cluster.Endpoint;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One after the other, from a random start (spec/istio-fields.md §12.4). Equal weights; unequal ones go to {@link Edf}. */
final class RoundRobin implements EndpointSelector {
    private final Endpoint[] endpoints;
    private final AtomicInteger next;

    /** @param start any number; where the first pick falls */
    RoundRobin(List<Endpoint> endpoints, int start) {
        this.endpoints = endpoints.toArray(new Endpoint[0]);
        this.next = new AtomicInteger(start);
    }

    @Override
    public @Nullable Endpoint pick(long hash, int repick) {
        if (endpoints.length == 0) {
            return null;
        }
        return endpoints[Math.floorMod(next.getAndIncrement(), endpoints.length)];
    }
}
