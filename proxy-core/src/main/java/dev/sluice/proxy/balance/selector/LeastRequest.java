package dev.sluice.proxy.balance.selector;

import dev.sluice.proxy.cluster.Endpoint;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Power of two choices (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001) as Envoy draws them:
 * two independent draws with replacement, the one with strictly fewer requests in flight, the first on a tie
 * (spec/istio-fields.md §12.4). Equal weights; unequal ones go to {@link Edf}.
 */
final class LeastRequest implements EndpointSelector {
    private final Endpoint[] endpoints;
    private final Supplier<? extends RandomGenerator> random;

    LeastRequest(List<Endpoint> endpoints, Supplier<? extends RandomGenerator> random) {
        this.endpoints = endpoints.toArray(new Endpoint[0]);
        this.random = random;
    }

    @Override
    public @Nullable Endpoint pick(long hash, int repick) {
        int count = endpoints.length;
        if (count <= 1) {
            return count == 0 ? null : endpoints[0];
        }
        RandomGenerator source = random.get();
        Endpoint first = endpoints[source.nextInt(count)];
        Endpoint second = endpoints[source.nextInt(count)];
        return second.active() < first.active() ? second : first;
    }
}
