package dev.sluice.proxy.pool;

import dev.sluice.proxy.cluster.Endpoint;
import java.util.IdentityHashMap;

/**
 * Keeps count of connections that are being closed for somebody in the permit queue, so that no more are closed than
 * there are waiters: closing takes a moment, and until the permit is back every connection that falls idle sees the same
 * waiter. Thread-safe.
 */
final class HandOvers {
    private final PermitQueue queue;
    private final IdentityHashMap<Endpoint, Integer> perEndpoint = new IdentityHashMap<>();
    private int closing;

    HandOvers(PermitQueue queue) {
        this.queue = queue;
    }

    /** Whether an idle connection to {@code endpoint} should be closed for a waiter; its {@link #closed} has to follow. */
    boolean tryClose(Endpoint endpoint) {
        return !queue.isEmpty() && tryCloseFor(endpoint);
    }

    private synchronized boolean tryCloseFor(Endpoint endpoint) {
        int mine = perEndpoint.getOrDefault(endpoint, 0);
        boolean helps = closing < queue.size() && queue.isServedByClosing(endpoint, mine);
        if (helps) {
            closing++;
            perEndpoint.put(endpoint, mine + 1);
        }
        return helps;
    }

    /** A connection to {@code endpoint} that was closed for a waiter is gone. */
    synchronized void closed(Endpoint endpoint) {
        closing--;
        perEndpoint.computeIfPresent(endpoint, (same, count) -> count == 1 ? null : count - 1);
    }

    /** Connections that are being closed for a waiter. */
    synchronized int open() {
        return closing;
    }
}
