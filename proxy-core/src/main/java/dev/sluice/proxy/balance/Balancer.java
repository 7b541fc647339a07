package dev.sluice.proxy.balance;

import dev.sluice.config.plan.BalancePlan;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.OutlierPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.EndpointSet;
import dev.sluice.proxy.cluster.Health;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The balancer of one cluster: keeps the selector of the current endpoints and makes a new one when they or the settings
 * changed. Thread-safe.
 */
public final class Balancer {
    /** How often another endpoint is asked for when the picked one was tried before (spec/istio-fields.md §12.3). */
    private static final int REPICKS = 5;

    private final Cluster cluster;
    private final Supplier<? extends RandomGenerator> random;
    private volatile @Nullable Built built;

    private record Built(EndpointSet set, BalancePlan balance, int panicPercent, EndpointSelector selector) {
        @SuppressWarnings("ReferenceEquality") // a set's identity is its version, an equal plan is most often the same
        boolean isOf(EndpointSet now, ClusterPlan plan) {
            return set == now
                    && (balance == plan.balance() || balance.equals(plan.balance()))
                    && panicPercent == Balancer.panicPercent(plan);
        }
    }

    /** Draws from the thread's own random generator. */
    public Balancer(Cluster cluster) {
        this(cluster, ThreadLocalRandom::current);
    }

    /** @param random one generator a thread, or one that threads may share */
    Balancer(Cluster cluster, Supplier<? extends RandomGenerator> random) {
        this.cluster = cluster;
        this.random = random;
    }

    /**
     * Picks an endpoint for a request without a key.
     *
     * @param tried endpoints of earlier tries, avoided where others are left; null when there are none
     * @return null when no endpoint is usable
     */
    public @Nullable Endpoint pick(@Nullable Predicate<Endpoint> tried) {
        EndpointSelector selector = selector();
        return pick(selector, selector.usesHash() ? random.get().nextLong() : 0, tried);
    }

    /**
     * Picks the endpoint that a key belongs to; the same as {@link #pick(Predicate)} where the cluster does not hash.
     *
     * @param hash of the key
     * @param tried endpoints of earlier tries, avoided where others are left; null when the key's own may be tried again
     * @return null when no endpoint is usable
     */
    public @Nullable Endpoint pick(long hash, @Nullable Predicate<Endpoint> tried) {
        return pick(selector(), hash, tried);
    }

    private static @Nullable Endpoint pick(EndpointSelector selector, long hash, @Nullable Predicate<Endpoint> tried) {
        Endpoint picked = selector.pick(hash, 0);
        if (tried == null) {
            return picked;
        }
        for (int repick = 1; repick <= REPICKS && picked != null && tried.test(picked); repick++) {
            picked = selector.pick(hash, repick);
        }
        return picked;
    }

    private EndpointSelector selector() {
        EndpointSet set = cluster.endpoints();
        ClusterPlan plan = cluster.plan();
        Built current = built;
        if (current == null || !current.isOf(set, plan)) {
            int panicPercent = panicPercent(plan);
            current = new Built(set, plan.balance(), panicPercent, select(plan, usable(set, panicPercent)));
            built = current;
        }
        return current.selector;
    }

    private static int panicPercent(ClusterPlan plan) {
        OutlierPlan outlier = plan.outlier();
        return outlier == null ? PriorityLoad.DEFAULT_PANIC_PERCENT : outlier.minHealthPercent();
    }

    private static List<Endpoint> usable(EndpointSet set, int panicPercent) {
        int[] total = {set.all().size()};
        int[] healthy = {set.healthy().size()};
        return PriorityLoad.of(total, healthy, panicPercent).isPanic(0) ? set.all() : set.healthy();
    }

    private EndpointSelector select(ClusterPlan plan, List<Endpoint> usable) {
        OutlierPlan outlier = plan.outlier();
        if (outlier != null && outlier.halfOpenPercent() > 0) {
            List<Endpoint> onTrial = usable.stream()
                    .filter(endpoint -> endpoint.health() == Health.HALF_OPEN)
                    .toList();
            if (!onTrial.isEmpty() && onTrial.size() < usable.size()) {
                List<Endpoint> settled = usable.stream()
                        .filter(endpoint -> endpoint.health() != Health.HALF_OPEN)
                        .toList();
                return new HalfOpen(
                        build(plan.balance(), settled),
                        build(plan.balance(), onTrial),
                        outlier.halfOpenPercent() * onTrial.size(),
                        random);
            }
        }
        return build(plan.balance(), usable);
    }

    private EndpointSelector build(BalancePlan plan, List<Endpoint> endpoints) {
        int start = random.get().nextInt(Math.max(1, endpoints.size()));
        boolean equalWeights =
                endpoints.stream().mapToInt(Endpoint::weight).distinct().count() <= 1;
        return switch (plan.algorithm()) {
            case ROUND_ROBIN ->
                equalWeights ? new RoundRobin(endpoints, start) : new Edf(endpoints, Endpoint::weight, start);
            case LEAST_REQUEST ->
                equalWeights
                        ? new LeastRequest(endpoints, random)
                        : new Edf(endpoints, endpoint -> (double) endpoint.weight() / (endpoint.active() + 1), start);
            case RANDOM -> new RandomSelector(endpoints, random);
            case PASSTHROUGH -> PassThrough.INSTANCE;
            case RING_HASH -> new RingHash(endpoints, plan.ringMinimumSize());
            case MAGLEV -> new Maglev(endpoints, plan.maglevTableSize());
        };
    }
}
