package dev.sluice.proxy.pool;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps count of connections that are being closed for somebody in the permit queue, so that no more are closed than
 * there are waiters: closing takes a moment, and until the permit is back every connection that falls idle sees the same
 * waiter. Thread-safe.
 */
final class HandOvers {
    private final PermitQueue queue;
    private final AtomicInteger closing = new AtomicInteger();

    HandOvers(PermitQueue queue) {
        this.queue = queue;
    }

    /** Whether an idle connection should be closed for a waiter; its {@link #closed} has to follow then. */
    boolean tryClose() {
        while (true) {
            int now = closing.get();
            if (now >= queue.size()) {
                return false;
            }
            if (closing.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** A connection that was closed for a waiter is gone. */
    void closed() {
        closing.decrementAndGet();
    }

    /** Connections that are being closed for a waiter. */
    int open() {
        return closing.get();
    }
}
