package dev.sluice.proxy.exchange;

import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.timer.LoopTimers;
import org.jspecify.annotations.Nullable;

/**
 * How long an exchange may take, all of its tries together: known with its route, counted from when it is started, as a
 * request that still arrives takes none of it. Only where there is a limit is there one of these.
 *
 * <p>Not thread-safe; event loop of the exchange.
 */
final class Deadline implements Runnable {
    private final Exchange exchange;
    private final long nanos;
    private final ProxyError reason;
    private ProxyError passing;
    private LoopTimers.@Nullable Timer timer;
    private boolean counting;
    private long atNanos;

    /** {@code nanos}, positive, after which {@code exchange} fails with {@code reason}. */
    Deadline(Exchange exchange, long nanos, ProxyError reason) {
        this.exchange = exchange;
        this.nanos = nanos;
        this.reason = reason;
        this.passing = reason;
    }

    /** Passes in {@code most}, positive, at the latest, counting or not; before {@link #start}. */
    void atMost(long most, ProxyError because) {
        schedule(most, because);
    }

    /** Counts from now on; at most once. */
    void start() {
        counting = true;
        LoopTimers.Timer latest = timer;
        if (latest == null) {
            schedule(nanos, reason);
        } else if (atNanos - exchange.nowNanos() > nanos) {
            latest.cancel();
            schedule(nanos, reason);
        }
    }

    private void schedule(long delay, ProxyError because) {
        passing = because;
        atNanos = exchange.nowNanos() + delay;
        timer = LoopTimers.of(exchange.loop()).schedule(delay, this);
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** What is left of it in nanoseconds, at least one; while it does not count all of it, or what it has at most. */
    long leftNanos() {
        if (timer == null) {
            return nanos;
        }
        long left = Math.max(1, atNanos - exchange.nowNanos());
        return counting ? left : Math.min(nanos, left);
    }

    /** It passed. */
    @Override
    public void run() {
        exchange.fail(passing);
    }
}
