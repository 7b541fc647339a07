package dev.sluice.proxy.balance.selector;

import dev.sluice.config.plan.policy.BalancePlan.WarmupPlan;
import dev.sluice.proxy.cluster.Endpoint;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Slow start (spec/istio-fields.md §12.9): an endpoint that has just become ready gets a part of its weight that grows with
 * its age. It is ready when it joins its cluster, for what is not ready is no member. Pure but for the clock.
 */
public final class WarmUp {
    private static final double MIN_AGE_NANOS = 1_000_000;

    private final double windowNanos;
    private final double floor;
    private final double exponent;
    private final LongSupplier clock;

    private WarmUp(WarmupPlan plan, LongSupplier clock) {
        this.windowNanos = (double) plan.window().toNanos();
        this.floor = plan.minimumPercent() / 100;
        this.exponent = 1 / plan.aggression();
        this.clock = clock;
    }

    /**
     * Null where none of {@code endpoints} is warming up.
     *
     * @param clock {@link System#nanoTime()}
     */
    public static @Nullable WarmUp of(@Nullable WarmupPlan plan, List<Endpoint> endpoints, LongSupplier clock) {
        if (plan == null) {
            return null;
        }
        WarmUp warmUp = new WarmUp(plan, clock);
        return endpoints.stream().anyMatch(endpoint -> warmUp.leftNanos(endpoint) > 0) ? warmUp : null;
    }

    /** What the weight of {@code endpoint} is to be multiplied with now, above 0 and up to 1. */
    public double factor(Endpoint endpoint) {
        double age = Math.max(MIN_AGE_NANOS, (double) (clock.getAsLong() - endpoint.addedNanos()));
        return age >= windowNanos ? 1 : Math.max(floor, Math.pow(age / windowNanos, exponent));
    }

    /** How long it takes until none of {@code endpoints} is warming up. */
    public long leftNanos(List<Endpoint> endpoints) {
        return endpoints.stream().mapToLong(this::leftNanos).max().orElse(0);
    }

    private long leftNanos(Endpoint endpoint) {
        return (long) windowNanos - (clock.getAsLong() - endpoint.addedNanos());
    }
}
