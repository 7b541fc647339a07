package dev.sluice.proxy.balance.selector;

import dev.sluice.proxy.cluster.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Picks a priority by how much of the load each can take, then an endpoint in it (spec/istio-fields.md §12.2): by the
 * request's hash where the cluster hashes, at random else.
 */
final class ByPriority implements EndpointSelector {
    /** Every so many tries the priorities of the tries so far are left out (Envoy's previous_priorities, §1.7). */
    private static final int UPDATE_FREQUENCY = 2;

    private final PriorityLoad load;
    private final List<Tier> tiers;
    private final EndpointSelector[] selectors;
    private final Supplier<? extends RandomGenerator> random;

    /** @param selectors one for each of {@code tiers} */
    ByPriority(
            PriorityLoad load,
            List<Tier> tiers,
            EndpointSelector[] selectors,
            Supplier<? extends RandomGenerator> random) {
        this.load = load;
        this.tiers = tiers;
        this.selectors = selectors;
        this.random = random;
    }

    @Override
    public boolean usesHash() {
        return selectors[0].usesHash();
    }

    @Override
    public @Nullable Endpoint pick(long hash, int repick) {
        long drawn = usesHash() ? hash : random.get().nextLong();
        return selectors[load.pick(drawn)].pick(hash, repick);
    }

    @Override
    public EndpointSelector elsewhere(List<Endpoint> tried) {
        boolean[] left = new boolean[tiers.size()];
        PriorityLoad now = load;
        List<Endpoint> since = new ArrayList<>();
        for (Endpoint endpoint : tried) {
            since.add(endpoint);
            if (since.size() % UPDATE_FREQUENCY == 0) {
                for (int i = 0; i < left.length; i++) {
                    left[i] |= since.stream().anyMatch(tiers.get(i)::contains);
                }
                PriorityLoad without = load.without(left);
                if (without == null) {
                    // Every priority had its tries: all are open again, and counting starts anew.
                    left = new boolean[tiers.size()];
                    since.clear();
                }
                now = without == null ? load : without;
            }
        }
        return new ByPriority(now, tiers, selectors, random);
    }
}
