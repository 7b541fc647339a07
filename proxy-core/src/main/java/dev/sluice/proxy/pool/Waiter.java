package dev.sluice.proxy.pool;

import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Cancellable;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.timer.LoopTimers;
import org.jspecify.annotations.Nullable;

/** An attempt that waits for a connection; it counts as pending until it is served, failed or cancelled. */
final class Waiter implements Cancellable {
    final Attempt attempt;
    final EndpointPool pool;
    final long sinceNanos;
    private LoopTimers.@Nullable Timer deadline;
    private boolean queuedForPermit;
    // Written on the waiter's loop, read by whichever loop frees a permit; a stale read is checked again on the loop.
    private volatile boolean done;

    Waiter(Attempt attempt, EndpointPool pool, long nowNanos) {
        this.attempt = attempt;
        this.pool = pool;
        this.sinceNanos = nowNanos;
    }

    boolean isDone() {
        return done;
    }

    void deadline(LoopTimers.Timer timer) {
        this.deadline = timer;
    }

    /** True the first time: a waiter stands in the cluster's queue once. */
    boolean markQueued() {
        boolean first = !queuedForPermit;
        queuedForPermit = true;
        return first;
    }

    /** Serves it from {@code connection}. */
    void serve(PooledConnection connection) {
        leave();
        attempt.waitingFor(null);
        connection.open(attempt);
    }

    void fail(ProxyError error) {
        leave();
        attempt.waitingFor(null);
        attempt.fail(error);
    }

    @Override
    public void cancel() {
        if (!done) {
            leave();
            pool.forget(this);
        }
    }

    private void leave() {
        done = true;
        pool.cluster().pending().release();
        if (deadline != null) {
            deadline.cancel();
        }
    }
}
