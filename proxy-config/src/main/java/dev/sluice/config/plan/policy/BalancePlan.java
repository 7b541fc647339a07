package dev.sluice.config.plan.policy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster picks an endpoint (spec/istio-fields.md §2.3, §2.4).
 *
 * @param algorithm the balancer
 * @param ringMinimumSize for {@link Algorithm#RING_HASH}
 * @param maglevTableSize for {@link Algorithm#MAGLEV}; a prime
 * @param locality null when locality plays no part
 * @param warmup null when unset; ROUND_ROBIN and LEAST_REQUEST only
 */
public record BalancePlan(
        Algorithm algorithm,
        int ringMinimumSize,
        int maglevTableSize,
        @Nullable LocalityPlan locality,
        @Nullable WarmupPlan warmup) {
    /** Istio's default. */
    public static final BalancePlan DEFAULT = of(Algorithm.LEAST_REQUEST);

    /** An algorithm with default sizes. */
    public static BalancePlan of(Algorithm algorithm) {
        return new BalancePlan(algorithm, 1024, 65537, null, null);
    }

    /** The balancers. */
    public enum Algorithm {
        LEAST_REQUEST,
        ROUND_ROBIN,
        RANDOM,
        RING_HASH,
        MAGLEV,
        /** The original destination; endpoints are ignored. */
        PASSTHROUGH
    }

    /**
     * Locality aware balancing.
     *
     * @param own the proxy's locality; empty when unknown
     * @param distribute {@code from} to {@code to → weight}, in order; empty when unused
     * @param failover region to region
     * @param failoverPriority labels {@code k} or {@code k=v}, in order
     * @param ownLabels the proxy's labels, for failoverPriority
     */
    public record LocalityPlan(
            String own,
            List<DistributePlan> distribute,
            Map<String, String> failover,
            List<String> failoverPriority,
            Map<String, String> ownLabels) {
        public LocalityPlan {
            distribute = List.copyOf(distribute);
            failover = Map.copyOf(failover);
            failoverPriority = List.copyOf(failoverPriority);
            ownLabels = Map.copyOf(ownLabels);
        }
    }

    /**
     * One {@code distribute} entry.
     *
     * @param from locality pattern of the proxy
     * @param to locality pattern to weight, percent
     */
    public record DistributePlan(String from, Map<String, Integer> to) {
        public DistributePlan {
            to = Map.copyOf(to);
        }
    }

    /**
     * Slow start (§12.9).
     *
     * @param window length
     * @param minimumPercent floor of the weight, 0 to 100
     * @param aggression exponent is 1 / aggression
     */
    public record WarmupPlan(Duration window, double minimumPercent, double aggression) {}
}
