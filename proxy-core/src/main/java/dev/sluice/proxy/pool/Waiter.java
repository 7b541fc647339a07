package dev.sluice.proxy.pool;

import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Cancellable;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.timer.LoopTimers;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that waits for a connection; it counts as pending until it is served, failed or cancelled. Event loop of its
 * pool, except what {@link PermitQueue} guards.
 */
final class Waiter implements Cancellable {
    final Attempt attempt;
    final EndpointPool pool;
    final long sinceNanos;
    // Guarded by the permit queue.
    @Nullable
    Waiter next;

    @Nullable
    Waiter previous;

    boolean inQueue;

    private final AtomicBoolean drained = new AtomicBoolean();
    private LoopTimers.@Nullable Timer deadline;
    private boolean asksForPermit;
    private boolean putOff;
    private boolean done;

    Waiter(Attempt attempt, EndpointPool pool, long nowNanos) {
        this.attempt = attempt;
        this.pool = pool;
        this.sinceNanos = nowNanos;
    }

    void deadline(LoopTimers.Timer timer) {
        this.deadline = timer;
    }

    /** Whether it stands in the permit queue or a permit is on its way to it. */
    boolean asksForPermit() {
        return asksForPermit;
    }

    void asksForPermit(boolean asks) {
        this.asksForPermit = asks;
    }

    /**
     * Whether a busy connection should be drained for it: true once, on any thread. It is no promise, as the connection's
     * streams may take for ever; idle connections are closed for it all the same.
     */
    boolean tryDrain() {
        return drained.compareAndSet(false, true);
    }

    /**
     * Whether it may go on a connection now. A permit of http2MaxRequests that is not there may be that of the very request
     * whose end made the room: it comes back a moment later, so the first time is no refusal but puts it off.
     */
    Admission admission() {
        if (attempt.tryAdmit(pool.cluster())) {
            return Admission.GRANTED;
        }
        Admission answer = putOff ? Admission.REFUSED : Admission.LATER;
        putOff = true;
        return answer;
    }

    /** What becomes of a waiter whose turn it is. */
    enum Admission {
        GRANTED,
        LATER,
        REFUSED
    }

    /** Serves it from {@code connection}; it has been taken out of its pool's waiters. */
    void serve(PooledConnection connection) {
        leave();
        attempt.waitingFor(null);
        connection.open(attempt);
    }

    /** Tells it that it gets no connection; it has been taken out of its pool's waiters. */
    void fail(ProxyError error) {
        if (!done) {
            leave();
            attempt.waitingFor(null);
            attempt.fail(error);
        }
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
        pool.noLongerAsks(this);
    }
}
