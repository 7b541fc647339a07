package dev.sluice.proxy.pool;

import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Limit;
import org.jspecify.annotations.Nullable;

/**
 * Waiters of all event loops for a connection permit, in the order of their arrival. A permit is one of the cluster's and
 * one of the endpoint's; whoever waits for a full endpoint lets those behind pass. Whoever stops waiting is taken out at
 * once, so the queue holds on to nobody and is never longer than the cluster's pending requests.
 *
 * <p>Thread-safe by a lock, held for a few steps, and for a walk through the queue where endpoints have limits of their
 * own. Only who is at a limit gets here; {@link #isEmpty} and {@link #size} take no lock.
 */
final class PermitQueue {
    private final Limit connections;
    private @Nullable Waiter head;
    private @Nullable Waiter tail;
    private volatile int size;

    /** @param connections the cluster's */
    PermitQueue(Limit connections) {
        this.connections = connections;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    // ---- permits

    /** Takes a permit for {@code endpoint}, past those that wait. */
    boolean take(Endpoint endpoint) {
        if (!endpoint.connections().tryAcquire()) {
            return false;
        }
        if (connections.tryAcquire()) {
            return true;
        }
        endpoint.connections().release();
        return false;
    }

    /** Gives back a permit for {@code endpoint}. */
    void giveBack(Endpoint endpoint) {
        connections.release();
        endpoint.connections().release();
    }

    /** Takes a permit for who has waited longest of those that can have one, and takes that one out; null for nobody. */
    synchronized @Nullable Waiter grant() {
        for (Waiter waiter = head; waiter != null && !connections.isFull(); waiter = waiter.next) {
            if (take(waiter.pool.endpoint())) {
                boolean removed = remove(waiter);
                assert removed;
                return waiter;
            }
        }
        return null;
    }

    /** Who has waited longest; null for nobody. */
    synchronized @Nullable Waiter first() {
        return head;
    }

    /**
     * Whether closing a connection to {@code endpoint} lets somebody pass.
     *
     * @param closing connections to it that are being closed already
     */
    synchronized boolean isServedByClosing(Endpoint endpoint, int closing) {
        boolean full = endpoint.connections().isFull();
        int own = 0;
        for (Waiter waiter = head; waiter != null; waiter = waiter.next) {
            Endpoint wanted = waiter.pool.endpoint();
            if (wanted != endpoint || !full) {
                if (connections.isFull() && !wanted.connections().isFull()) {
                    return true;
                }
            } else if (++own > closing) {
                return true;
            }
        }
        return false;
    }

    /** Who has waited longest for what a connection of {@code pool} holds, and is not served by that anyway; null else. */
    synchronized @Nullable Waiter longestFor(EndpointPool pool) {
        for (Waiter waiter = head; waiter != null; waiter = waiter.next) {
            Endpoint wanted = waiter.pool.endpoint();
            if (wanted == pool.endpoint() || !wanted.connections().isFull()) {
                return waiter.pool == pool && !waiter.attempt.needsNewConnection() ? null : waiter;
            }
        }
        return null;
    }

    // ---- the queue

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
}
