package dev.sluice.proxy.balance.selector;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How much of the load each priority takes and which of them are in panic, from numbers of endpoints alone
 * (spec/istio-fields.md §12.2, Envoy's overprovisioning factor of 140 %). Pure; immutable.
 */
final class PriorityLoad {
    /** Panic threshold of a cluster without outlier detection: Envoy's own, which Istio leaves alone there. */
    static final int DEFAULT_PANIC_PERCENT = 50;

    /** Healthy endpoints are taken to carry this much of their share, so that a few may be down before others help out. */
    static final int OVERPROVISIONING_PERCENT = 140;

    private final int[] availability;
    private final int[] load;
    private final boolean[] panic;

    private PriorityLoad(int[] availability, int[] load, boolean[] panic) {
        this.availability = availability;
        this.load = load;
        this.panic = panic;
    }

    /**
     * @param total endpoints by priority, at least one priority
     * @param healthy how many of them may be picked outside panic
     * @param panicPercent a priority with a smaller share of healthy endpoints is in panic unless the others can carry
     *     everything; 0 is never
     */
    static PriorityLoad of(int[] total, int[] healthy, int panicPercent) {
        int count = total.length;
        int[] availability = new int[count];
        int sum = 0;
        for (int i = 0; i < count; i++) {
            availability[i] =
                    total[i] == 0 ? 0 : (int) Math.min(100, (long) OVERPROVISIONING_PERCENT * healthy[i] / total[i]);
            sum += availability[i];
        }
        int available = Math.min(100, sum);
        boolean[] panic = new boolean[count];
        boolean everywhere = true;
        for (int i = 0; i < count; i++) {
            double healthyPercent = total[i] == 0 ? 0 : 100.0 * healthy[i] / total[i];
            panic[i] = available < 100 && healthyPercent < panicPercent;
            everywhere &= panic[i];
        }
        int[] load = everywhere ? byShare(total) : byAvailability(availability, available);
        return new PriorityLoad(availability, load, panic);
    }

    /** The same without the priorities marked in {@code left}; null when nothing is available then. */
    @Nullable
    PriorityLoad without(boolean[] left) {
        int[] rest = availability.clone();
        int sum = 0;
        for (int i = 0; i < rest.length; i++) {
            rest[i] = left[i] ? 0 : rest[i];
            sum += rest[i];
        }
        return sum == 0 ? null : new PriorityLoad(rest, byAvailability(rest, Math.min(100, sum)), panic);
    }

    /** In order of priority, each as much as it can take; what rounding leaves goes to the first that is available. */
    private static int[] byAvailability(int[] availability, int available) {
        int[] load = new int[availability.length];
        int first = 0;
        int rest = 100;
        if (available > 0) {
            while (availability[first] == 0) {
                first++;
            }
            for (int i = 0; i < load.length; i++) {
                load[i] = Math.min(rest, availability[i] * 100 / available);
                rest -= load[i];
            }
        }
        load[first] += rest;
        return load;
    }

    /** Total panic: health says nothing any more, the number of endpoints decides. */
    private static int[] byShare(int[] total) {
        long all = Arrays.stream(total).asLongStream().sum();
        int[] load = new int[total.length];
        int first = 0;
        int rest = 100;
        if (all > 0) {
            while (total[first] == 0) {
                first++;
            }
            for (int i = 0; i < load.length; i++) {
                load[i] = (int) (100L * total[i] / all);
                rest -= load[i];
            }
        }
        load[first] += rest;
        return load;
    }

    /** Percent of the load that {@code priority} takes; they add up to 100. */
    int load(int priority) {
        return load[priority];
    }

    /** Whether all endpoints of {@code priority} are used, healthy or not. */
    boolean isPanic(int priority) {
        return panic[priority];
    }

    /** The priority that {@code hash} falls to: the request's own hash for hash balancers, else a random number. */
    int pick(long hash) {
        int at = (int) Long.remainderUnsigned(hash, 100) + 1;
        int reached = 0;
        for (int i = 0; i < load.length; i++) {
            reached += load[i];
            if (at <= reached) {
                return i;
            }
        }
        throw new AssertionError("Loads add up to less than 100: " + Arrays.toString(load));
    }
}
