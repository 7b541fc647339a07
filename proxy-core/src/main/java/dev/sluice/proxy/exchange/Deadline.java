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
    private LoopTimers.@Nullable Timer timer;
    private long atNanos;

    /** {@code nanos}, positive, after which {@code exchange} fails with {@code reason}. */
    Deadline(Exchange exchange, long nanos, ProxyError reason) {
        this.exchange = exchange;
        this.nanos = nanos;
        this.reason = reason;
    }

    /** Counts from now on; at most once. */
    void start() {
        atNanos = exchange.nowNanos() + nanos;
        timer = LoopTimers.of(exchange.loop()).schedule(nanos, this);
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** What is left of it in nanoseconds, at least one; all of it while it does not count. */
    long leftNanos() {
        return timer == null ? nanos : Math.max(1, atNanos - exchange.nowNanos());
    }

    /** It passed. */
    @Override
    public void run() {
        exchange.fail(reason);
    }
}
