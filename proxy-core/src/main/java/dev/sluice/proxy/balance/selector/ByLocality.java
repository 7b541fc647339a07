package dev.sluice.proxy.balance.selector;

import dev.sluice.proxy.cluster.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Picks a locality by weight, then an endpoint in it (spec/istio-fields.md §12.2, locality-weighted mode). */
final class ByLocality implements EndpointSelector {
    private final Schedule<Weighted> schedule;

    /**
     * A locality.
     *
     * @param weight its weight, already reduced by how much of it is down; positive
     * @param inside picks among its endpoints
     */
    record Weighted(double weight, EndpointSelector inside) {}

    /** @param initialPicks picks thrown away at first */
    ByLocality(List<Weighted> localities, int initialPicks) {
        this.schedule = new Schedule<>(localities, Weighted::weight, initialPicks);
    }

    @Override
    public @Nullable Endpoint pick(long hash, int repick) {
        Weighted locality = schedule.pick();
        return locality == null ? null : locality.inside.pick(hash, repick);
    }
}
