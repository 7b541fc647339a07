package dev.sluice.proxy.balance.selector;

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
 *
 * @param <T> what is picked
 */
final class Schedule<T> {
    private static final double MIN_WEIGHT = 1e-9;

    private final ToDoubleFunction<T> weight;
    private final PriorityQueue<Entry<T>> queue;
    private double now;
    private long order;

    private static final class Entry<T> {
        final T item;
        double deadline;
        long order;

        Entry(T item) {
            this.item = item;
        }
    }

    /**
     * @param weight read whenever an item is put back; positive
     * @param initialPicks picks thrown away at first, so that many proxies do not start in step
     */
    Schedule(List<T> items, ToDoubleFunction<T> weight, int initialPicks) {
        this.weight = weight;
        this.queue = new PriorityQueue<>(Math.max(1, items.size()), Schedule::earlier);
        for (T item : items) {
            insert(new Entry<>(item));
        }
        for (int i = 0; i < initialPicks; i++) {
            pickNext();
        }
    }

    private static int earlier(Entry<?> one, Entry<?> other) {
        int order = Double.compare(one.deadline, other.deadline);
        return order != 0 ? order : Long.compare(one.order, other.order);
    }

    /** Null when there is nothing to pick. */
    synchronized @Nullable T pick() {
        return pickNext();
    }

    private @Nullable T pickNext() {
        Entry<T> earliest = queue.poll();
        if (earliest == null) {
            return null;
        }
        now = earliest.deadline;
        insert(earliest);
        return earliest.item;
    }

    private void insert(Entry<T> entry) {
        double share = Math.max(MIN_WEIGHT, weight.applyAsDouble(entry.item));
        entry.deadline = now + 1 / share;
        entry.order = order++;
        queue.add(entry);
    }
}
