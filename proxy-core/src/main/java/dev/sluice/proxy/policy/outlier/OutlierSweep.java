package dev.sluice.proxy.policy.outlier;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.policy.OutlierPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.ClusterObserver;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sweeps a cluster at every interval of its plan, for as long as the plan has outlier detection; when a reload takes it
 * away, once more, which brings everybody back.
 *
 * <p>Thread-safe; the sweeps run on the executor.
 */
public final class OutlierSweep implements ClusterObserver, AutoCloseable {
    private final Cluster cluster;
    private final OutlierDetector detector;
    private final ScheduledExecutorService executor;
    private final LongSupplier nanoTime;
    private @Nullable Future<?> scheduled;
    private boolean closed;

    private OutlierSweep(
            Cluster cluster, OutlierDetector detector, ScheduledExecutorService executor, LongSupplier nanoTime) {
        this.cluster = cluster;
        this.detector = detector;
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /**
     * Starts with the cluster's plan of now and follows its reloads.
     *
     * @param executor an event loop; a sweep is short
     */
    public static OutlierSweep start(Cluster cluster, OutlierDetector detector, ScheduledExecutorService executor) {
        return start(cluster, detector, executor, System::nanoTime);
    }

    static OutlierSweep start(
            Cluster cluster, OutlierDetector detector, ScheduledExecutorService executor, LongSupplier nanoTime) {
        OutlierSweep sweep = new OutlierSweep(cluster, detector, executor, nanoTime);
        cluster.observe(sweep);
        sweep.schedule();
        return sweep;
    }

    @Override
    public void settingsChanged(Cluster changed, ClusterPlan before) {
        OutlierPlan now = changed.plan().outlier();
        if (Objects.equals(interval(before.outlier()), interval(now))) {
            return;
        }
        schedule();
        if (now == null) {
            // Not here: the cluster's lock is held, and who is told of a change must not make another.
            executor.execute(this::sweep);
        }
    }

    private static @Nullable Duration interval(@Nullable OutlierPlan plan) {
        return plan == null ? null : plan.interval();
    }

    private synchronized void schedule() {
        cancel();
        OutlierPlan plan = cluster.plan().outlier();
        if (plan != null && !closed) {
            long intervalNanos = plan.interval().toNanos();
            scheduled = executor.scheduleAtFixedRate(this::sweep, intervalNanos, intervalNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void sweep() {
        detector.sweep(nanoTime.getAsLong());
    }

    private void cancel() {
        Future<?> running = scheduled;
        scheduled = null;
        if (running != null) {
            running.cancel(false);
        }
    }

    /** Sweeps no more; ejections stay as they are. */
    @Override
    public synchronized void close() {
        closed = true;
        cancel();
    }
}
