package dev.sluice.proxy.balance.hash;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.DestinationPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Weighted rendezvous hashing over the destinations of a route (Thaler and Ravishankar, "Using Name-Based Mappings to
 * Increase Hit Rates", 1998; the score −w / ln h is Schindelhauer and Schomaker's, "Weighted Distributed Hash Tables", 2005):
 * each destination scores a key by its own weight and nobody else's, the highest score takes it.
 *
 * <p>So a key stays where it is while no weight changes, whatever happens to endpoints or to the order of the list; a
 * destination that grows only gains keys. Immutable.
 */
public final class Rendezvous {
    /** 2^-53: makes the upper 53 bits of a hash a number below 1. */
    private static final double UNIT = 0x1p-53;

    private final long[] seeds;
    private final double[] weights;

    /** Over {@code destinations}, at least one, in this order. */
    public Rendezvous(List<DestinationPlan> destinations) {
        this.seeds = new long[destinations.size()];
        this.weights = new double[destinations.size()];
        Map<ClusterKey, Integer> seen = new HashMap<>();
        for (int i = 0; i < seeds.length; i++) {
            DestinationPlan destination = destinations.get(i);
            // One cluster may stand there twice, with other header operations: twice the same score would be one share.
            int before = seen.merge(destination.cluster(), 1, Integer::sum) - 1;
            seeds[i] = XxHash64.hash(destination.cluster().envoyName(), before);
            weights[i] = destination.weight();
        }
    }

    /** Index of the destination that takes the key with {@code hash}. */
    public int pick(long hash) {
        if (seeds.length == 1) {
            return 0;
        }
        int best = 0;
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < seeds.length; i++) {
            // Above 0 and below 1, so that the logarithm is below 0 and finite.
            double drawn = ((XxHash64.hash(hash, seeds[i]) >>> 11) + 0.5) * UNIT;
            double score = -weights[i] / Math.log(drawn);
            if (score > highest) {
                highest = score;
                best = i;
            }
        }
        return best;
    }
}
