package dev.sluice.proxy.pool;

import org.jspecify.annotations.Nullable;

/**
 * Waiters of all event loops for a connection permit of the cluster, in the order of their arrival. Whoever stops waiting
 * is taken out at once, so the queue holds on to nobody and is never longer than the cluster's pending requests.
 *
 * <p>Thread-safe by a lock, held for a few steps. Only who is at the limit gets here; {@link #isEmpty} and {@link #size}
 * take no lock.
 */
final class PermitQueue {
    private @Nullable Waiter head;
    private @Nullable Waiter tail;
    private volatile int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** Puts {@code waiter} where its arrival belongs: most often last. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock
    synchronized void add(Waiter waiter) {
        Waiter before = tail;
        while (before != null && before.sinceNanos - waiter.sinceNanos > 0) {
            before = before.previous;
        }
        Waiter after = before == null ? head : before.next;
        waiter.previous = before;
        waiter.next = after;
        if (before == null) {
            head = waiter;
        } else {
            before.next = waiter;
        }
        if (after == null) {
            tail = waiter;
        } else {
            after.previous = waiter;
        }
        waiter.inQueue = true;
        size++;
    }

    /** Takes {@code waiter} out; false when it is not, or no longer, in here. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock
    synchronized boolean remove(Waiter waiter) {
        if (!waiter.inQueue) {
            return false;
        }
        Waiter before = waiter.previous;
        Waiter after = waiter.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
        waiter.previous = null;
        waiter.next = null;
        waiter.inQueue = false;
        size--;
        return true;
    }

    /** Takes out who has waited longest; null when nobody waits. */
    synchronized @Nullable Waiter poll() {
        Waiter first = head;
        if (first != null) {
            boolean removed = remove(first);
            assert removed;
        }
        return first;
    }

    /** Who has waited longest; null when nobody waits. It may be gone when the caller looks at it. */
    synchronized @Nullable Waiter peek() {
        return head;
    }

    synchronized boolean contains(Waiter waiter) {
        return waiter.inQueue;
    }
}
