package dev.sluice.proxy.balance.hash;

import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.proxy.exchange.KeyedRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a route: those of all its destinations, combined in order (spec/istio-fields.md §12.5), and where they lead. A
 * key that several destinations name counts once, so that it leads to the same endpoint of a version however many versions
 * there are beside it. Immutable.
 */
public final class RouteKeys {
    /** {@link #choose} found no key. */
    public static final int NO_KEY = -1;

    private final KeySource[] sources;
    private final Rendezvous destinations;

    private RouteKeys(Set<HashPlan.Key> keys, Rendezvous destinations) {
        this.sources = keys.stream().map(KeySource::of).toArray(KeySource[]::new);
        this.destinations = destinations;
    }

    /** Null where no destination is hashed. */
    public static @Nullable RouteKeys of(List<DestinationPlan> destinations) {
        Set<HashPlan.Key> keys = new LinkedHashSet<>();
        for (DestinationPlan destination : destinations) {
            keys.addAll(destination.hash().keys());
        }
        return keys.isEmpty() ? null : new RouteKeys(keys, new Rendezvous(destinations));
    }

    /**
     * Puts the hash of what the request has of these keys into {@code asked}, for the balancer.
     *
     * @return index of the destination that the key belongs to, or {@link #NO_KEY}
     */
    public int choose(KeyedRequest asked) {
        for (KeySource source : sources) {
            source.read(asked);
        }
        return asked.isHashed() ? destinations.pick(asked.hashKey()) : NO_KEY;
    }
}
