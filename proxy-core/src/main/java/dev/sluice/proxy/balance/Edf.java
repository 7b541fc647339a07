package dev.sluice.proxy.balance;

import dev.sluice.proxy.cluster.Endpoint;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Earliest deadline first over changing weights (spec/istio-fields.md §12.4): an entry's deadline is now + 1 / weight; the
 * earliest is picked, ties in order of insertion, and put back with its weight of that moment.
 *
 * <p>Thread-safe by a lock: one queue for all loops keeps the shares exact over the whole process, where one a loop would
 * only keep them on average, and it is used only where weights differ. The lock is held for O(log n) without allocation.
 */
final class Edf implements EndpointSelector {
    private static final double MIN_WEIGHT = 1e-9;

    private final ToDoubleFunction<Endpoint> weight;
    private final PriorityQueue<Entry> queue;
    private double now;
    private long order;

    private static final class Entry {
        final Endpoint endpoint;
        double deadline;
        long order;

        Entry(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        double deadline() {
            return deadline;
        }

        long order() {
            return order;
        }
    }

    /**
     * @param weight read whenever an endpoint is put back; positive
     * @param initialPicks picks thrown away at first, so that many proxies do not start in step
     */
    Edf(List<Endpoint> endpoints, ToDoubleFunction<Endpoint> weight, int initialPicks) {
        this.weight = weight;
        this.queue = new PriorityQueue<>(
                Math.max(1, endpoints.size()),
                Comparator.comparingDouble(Entry::deadline).thenComparingLong(Entry::order));
        for (Endpoint endpoint : endpoints) {
            insert(new Entry(endpoint));
        }
        for (int i = 0; i < initialPicks; i++) {
            pickNext();
        }
    }

    @Override
    public synchronized @Nullable Endpoint pick(long hash, int repick) {
        return pickNext();
    }

    private @Nullable Endpoint pickNext() {
        Entry earliest = queue.poll();
        if (earliest == null) {
            return null;
        }
        now = earliest.deadline;
        insert(earliest);
        return earliest.endpoint;
    }

    private void insert(Entry entry) {
        double share = Math.max(MIN_WEIGHT, weight.applyAsDouble(entry.endpoint));
        entry.deadline = now + 1 / share;
        entry.order = order++;
        queue.add(entry);
    }
}
