package dev.sluice.proxy.pool;

import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Limit;
import java.util.IdentityHashMap;

/**
 * Keeps count of connections that are being closed for somebody in the permit queue, or because a reload lowered a limit
 * below what there was, so that no more are closed than that takes: closing takes a moment, and until the permit is back
 * every connection that falls idle sees the same waiter and the same limit. Thread-safe.
 */
final class HandOvers {
    private final Limit connections;
    private final PermitQueue queue;
    private final IdentityHashMap<Endpoint, Integer> perEndpoint = new IdentityHashMap<>();
    private int closing;

    /** @param connections the cluster's */
    HandOvers(Limit connections, PermitQueue queue) {
        this.connections = connections;
        this.queue = queue;
    }

    /** Whether more connections are there than may be, of the cluster or to {@code endpoint}; some may be closing already. */
    boolean isSurplus(Endpoint endpoint) {
        return connections.exceededBy() > 0 || endpoint.connections().exceededBy() > 0;
    }

    /** Whether an idle connection to {@code endpoint} should be closed; its {@link #closed} has to follow. */
    boolean tryClose(Endpoint endpoint) {
        return (!queue.isEmpty() || isSurplus(endpoint)) && tryCloseFor(endpoint);
    }

    private synchronized boolean tryCloseFor(Endpoint endpoint) {
        int mine = perEndpoint.getOrDefault(endpoint, 0);
        boolean helps = connections.exceededBy() > closing
                || endpoint.connections().exceededBy() > mine
                || (closing < queue.size() && queue.isServedByClosing(endpoint, mine));
        if (helps) {
            closing++;
            perEndpoint.put(endpoint, mine + 1);
        }
        return helps;
    }

    /** A connection to {@code endpoint} that {@link #tryClose} let be closed is gone. */
    synchronized void closed(Endpoint endpoint) {
        closing--;
        perEndpoint.computeIfPresent(endpoint, (same, count) -> count == 1 ? null : count - 1);
    }

    /** Connections that are being closed. */
    synchronized int open() {
        return closing;
    }
}
