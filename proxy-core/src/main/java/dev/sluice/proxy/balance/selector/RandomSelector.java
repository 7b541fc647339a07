package dev.sluice.proxy.balance.selector;

import dev.sluice.proxy.cluster.Endpoint;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Uniform; weights play no part (spec/istio-fields.md §12.4). */
final class RandomSelector implements EndpointSelector {
    private final Endpoint[] endpoints;
    private final Supplier<? extends RandomGenerator> random;

    RandomSelector(List<Endpoint> endpoints, Supplier<? extends RandomGenerator> random) {
        this.endpoints = endpoints.toArray(new Endpoint[0]);
        this.random = random;
    }

    @Override
    public @Nullable Endpoint pick(long hash, int repick) {
        return endpoints.length == 0 ? null : endpoints[random.get().nextInt(endpoints.length)];
    }
}
