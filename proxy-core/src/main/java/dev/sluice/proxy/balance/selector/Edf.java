package dev.sluice.proxy.balance.selector;

import dev.sluice.proxy.cluster.Endpoint;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Endpoints by weight, on a {@link Schedule}: round robin and least request where weights differ or endpoints warm up. */
final class Edf implements EndpointSelector {
    private final Schedule<Endpoint> schedule;

    /**
     * @param weight read whenever an endpoint is put back; positive
     * @param initialPicks picks thrown away at first
     */
    Edf(List<Endpoint> endpoints, ToDoubleFunction<Endpoint> weight, int initialPicks) {
        this.schedule = new Schedule<>(endpoints, weight, initialPicks);
    }

    @Override
    public @Nullable Endpoint pick(long hash, int repick) {
        return schedule.pick();
    }
}
