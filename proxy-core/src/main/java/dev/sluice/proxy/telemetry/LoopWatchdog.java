package dev.sluice.proxy.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Measures how late an event loop is: a task that is due every {@value #PERIOD_MILLIS} ms notes how long after its time it
 * ran. Something that blocks a loop for {@code d} ms makes the next probe up to {@code d} ms late, so a block longer than
 * the period is always seen, a shorter one with a chance of {@code d / period}.
 *
 * <p>{@code sluice_event_loop_lag_milliseconds} is the histogram, {@code sluice_event_loop_blocked_total} counts what was
 * later than {@value #BLOCKED_MILLIS} ms; both by loop.
 */
public final class LoopWatchdog implements AutoCloseable {
    static final int PERIOD_MILLIS = 50;
    static final int BLOCKED_MILLIS = 10;

    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS);
    private static final long BLOCKED_NANOS = TimeUnit.MILLISECONDS.toNanos(BLOCKED_MILLIS);
    private static final double MILLIS = 1e-6;
    private static final double[] BUCKETS = {1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000};

    private final EventLoop loop;
    private final DistributionSummary lag;
    private final Counter blocked;
    private long dueNanos;
    private volatile @Nullable ScheduledFuture<?> next;
    private volatile boolean closed;

    private LoopWatchdog(EventLoop loop, String name, MeterRegistry registry) {
        this.loop = loop;
        this.lag = DistributionSummary.builder("sluice_event_loop_lag_milliseconds")
                .description("How late a periodic task of the event loop ran")
                .tag("loop", name)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        this.blocked = Counter.builder("sluice_event_loop_blocked_total")
                .description("Times an event loop was more than " + BLOCKED_MILLIS + " ms late")
                .tag("loop", name)
                .register(registry);
    }

    /** Watches {@code loop} until it is closed or shut down. Any thread. */
    public static LoopWatchdog watch(EventLoop loop, String name, MeterRegistry registry) {
        LoopWatchdog watchdog = new LoopWatchdog(loop, name, registry);
        loop.execute(watchdog::schedule);
        return watchdog;
    }

    /** Stops watching; the meters stay. */
    @Override
    public void close() {
        closed = true;
        ScheduledFuture<?> pending = next;
        if (pending != null) {
            pending.cancel(false);
        }
    }

    private void schedule() {
        if (!closed && !loop.isShuttingDown()) {
            dueNanos = loop.ticker().nanoTime() + PERIOD_NANOS;
            next = loop.schedule(this::probe, PERIOD_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private void probe() {
        long lateNanos = Math.max(0, loop.ticker().nanoTime() - dueNanos);
        lag.record(lateNanos * MILLIS);
        if (lateNanos > BLOCKED_NANOS) {
            blocked.increment();
        }
        schedule();
    }
}
