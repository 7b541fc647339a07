package dev.sluice.proxy.tcp;

import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import dev.sluice.config.plan.chain.TcpRoutePlan.TcpDestination;
import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.proxy.balance.hash.Rendezvous;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A live route of bytes: its plan, its destinations joined with clusters. Immutable. */
public final class TcpRoute {
    private final TcpRoutePlan plan;
    private final List<Target> targets;
    private final long totalWeight;
    /** Where a client stays with its destination; null where none hashes. */
    private final @Nullable Rendezvous byClient;

    /**
     * A destination.
     *
     * @param plan what was configured
     * @param cluster null when there is none of that name
     */
    public record Target(TcpDestination plan, @Nullable TcpCluster cluster) {}

    /** @param targets in the plan's order */
    public TcpRoute(TcpRoutePlan plan, List<Target> targets) {
        this.plan = plan;
        this.targets = List.copyOf(targets);
        this.totalWeight =
                targets.stream().mapToLong(target -> target.plan().weight()).sum();
        boolean hashed = targets.stream().anyMatch(target -> target.plan().bySourceIp());
        this.byClient = hashed
                ? new Rendezvous(targets.stream()
                        .map(target -> destination(target.plan()))
                        .toList())
                : null;
    }

    private static DestinationPlan destination(TcpDestination plan) {
        return new DestinationPlan(plan.cluster(), plan.weight(), HeaderPlan.NONE, HashPlan.NONE);
    }

    /** What was configured. */
    public TcpRoutePlan plan() {
        return plan;
    }

    /** Whether a client's address has a say in where its connections go. */
    boolean isHashed() {
        return byClient != null;
    }

    /**
     * The destination of a connection: the one that its client belongs to where some destination hashes, else the one that a
     * random number falls on, by weight in list order (spec/istio-fields.md §12.1).
     *
     * @param clientHash null for a client without address, or where nothing hashes
     * @return null when there is none
     */
    @Nullable
    Target choose(@Nullable Long clientHash, long random) {
        if (targets.size() <= 1) {
            return targets.isEmpty() ? null : targets.get(0);
        }
        if (byClient != null && clientHash != null) {
            return targets.get(byClient.pick(clientHash));
        }
        long value = Long.remainderUnsigned(random, totalWeight);
        for (Target target : targets) {
            value -= target.plan().weight();
            if (value < 0) {
                return target;
            }
        }
        throw new IllegalStateException("a remainder is not below its divisor: " + totalWeight);
    }
}
