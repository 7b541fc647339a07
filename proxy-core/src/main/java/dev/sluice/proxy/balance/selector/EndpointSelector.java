package dev.sluice.proxy.balance.selector;

import dev.sluice.proxy.cluster.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Picks an endpoint out of a fixed set; a change of the set makes a new selector. Thread-safe.
 *
 * @see <a href="https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/load_balancers">
 *     Envoy's description of the same balancers</a>
 */
public sealed interface EndpointSelector
        permits ByLocality,
                ByPriority,
                Edf,
                HalfOpen,
                LeastRequest,
                Maglev,
                PassThrough,
                RandomSelector,
                RingHash,
                RoundRobin {
    /**
     * Picks one.
     *
     * @param hash of the request's key, or a random number where there is none; only those that {@link #usesHash} look at it
     * @param repick how often the same request has been given another endpoint before, in the same search
     * @return null when the set has nothing to pick
     */
    @Nullable
    Endpoint pick(long hash, int repick);

    /** Whether {@link #pick} depends on its hash. */
    default boolean usesHash() {
        return false;
    }

    /**
     * The same without the priorities that earlier tries went to, for a try that is to go to other localities.
     *
     * @param tried endpoints of the tries so far, in order
     */
    default EndpointSelector elsewhere(List<Endpoint> tried) {
        return this;
    }
}
