package dev.sluice.proxy.cluster;

import dev.sluice.config.plan.EndpointPlan;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One address of a cluster. The object stays the same over reloads and DNS answers for as long as the address is a member,
 * so its counters do.
 *
 * <p>Thread-safe.
 */
public final class Endpoint {
    private final String hostPort;
    private final InetSocketAddress address;
    private final long addedNanos;
    private final AtomicInteger active = new AtomicInteger();
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile EndpointPlan plan;

    /**
     * @param plan its address is an IP literal
     * @param nowNanos {@link System#nanoTime()} when it joined, for slow start
     */
    public Endpoint(EndpointPlan plan, long nowNanos) {
        this.plan = plan;
        this.hostPort = plan.hostPort();
        this.address = new InetSocketAddress(plan.address(), plan.port());
        this.addedNanos = nowNanos;
    }

    /** {@code ip:port}, the key of consistent hashing and of logs. */
    public String hostPort() {
        return hostPort;
    }

    /** Where to connect. */
    public InetSocketAddress address() {
        return address;
    }

    /** Balancing weight, at least 1. */
    public int weight() {
        return plan.weight();
    }

    /** {@code region/zone/subzone}; null when unknown. */
    public @Nullable String locality() {
        return plan.locality();
    }

    /** Labels of the workload. */
    public Map<String, String> labels() {
        return plan.labels();
    }

    /** {@link System#nanoTime()} when it joined. */
    public long addedNanos() {
        return addedNanos;
    }

    /** Requests in flight from this proxy. */
    public int active() {
        return active.get();
    }

    /** Requests so far. */
    public long requests() {
        return requests.sum();
    }

    /** Failed requests so far: 5xx or no response. */
    public long failures() {
        return failures.sum();
    }

    /** A request was sent to it. */
    public void started() {
        active.incrementAndGet();
        requests.increment();
    }

    /** A request to it ended. */
    public void ended(boolean failed) {
        active.decrementAndGet();
        if (failed) {
            failures.increment();
        }
    }

    /** Takes over weight, labels and locality of a reload. */
    void update(EndpointPlan newer) {
        this.plan = newer;
    }

    @Override
    public String toString() {
        return hostPort;
    }
}
