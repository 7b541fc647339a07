package dev.sluice.proxy.cluster;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.policy.LimitsPlan;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One address of a cluster. The object stays the same over reloads and DNS answers for as long as the address is a member,
 * so its counters, its health and its connections do; weight, labels and locality are taken over in place.
 *
 * <p>Thread-safe. Changed by its {@link Cluster} only, apart from the counters.
 */
public final class Endpoint {
    private final long addedNanos;
    private final Limit active = new Limit(Integer.MAX_VALUE);
    private final Limit connections = new Limit(Integer.MAX_VALUE);
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final IdleLife idleLife = new IdleLife();
    private volatile Where where;
    private volatile EndpointPlan plan;
    private volatile Condition condition;
    private volatile boolean gone;

    private record Where(String hostPort, SocketAddress address) {
        static Where of(EndpointPlan plan) {
            return new Where(
                    plan.hostPort(),
                    plan.isUnix()
                            ? new UnixAddress(plan.address())
                            : new InetSocketAddress(plan.address(), plan.port()));
        }
    }

    private record Condition(Health health, long sinceNanos) {}

    /**
     * @param plan its address is an IP literal or a Unix domain socket
     * @param nowNanos {@link System#nanoTime()} when it joined, for slow start
     */
    public Endpoint(EndpointPlan plan, long nowNanos) {
        this.plan = plan;
        this.where = Where.of(plan);
        this.addedNanos = nowNanos;
        this.condition = new Condition(Health.HEALTHY, nowNanos);
    }

    /** {@code ip:port} or a Unix domain socket's path, the key of consistent hashing and of logs. Changes only with the one member of LOGICAL_DNS. */
    public String hostPort() {
        return where.hostPort;
    }

    /** Where the next connection goes: a resolved address, or a {@link UnixAddress}. */
    public SocketAddress address() {
        return where.address;
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

    /** What outlier detection holds of it. */
    public Health health() {
        return condition.health;
    }

    /** {@link System#nanoTime()} since when {@link #health()} is what it is. */
    public long healthSinceNanos() {
        return condition.sinceNanos;
    }

    /** Whether it left its cluster; it never comes back, an address that joins again is another object. */
    public boolean isGone() {
        return gone;
    }

    /** How long it keeps idle connections open. */
    public IdleLife idleLife() {
        return idleLife;
    }

    /** Requests in flight from this proxy. */
    public int active() {
        return active.used();
    }

    /** Requests so far. */
    public long requests() {
        return requests.sum();
    }

    /** Failed requests so far: 5xx or no response. */
    public long failures() {
        return failures.sum();
    }

    /** Connections to it, established or being established. */
    public Limit connections() {
        return connections;
    }

    /** A request is sent to it, to be followed by {@link #ended}; false, and not counted, when it is full. */
    @CanIgnoreReturnValue
    public boolean started() {
        if (!active.tryAcquire()) {
            return false;
        }
        requests.increment();
        return true;
    }

    /** A request to it ended. */
    public void ended(boolean failed) {
        active.release();
        if (failed) {
            failures.increment();
        }
    }

    /** Takes over weight, labels and locality of a reload; true when anything differs. */
    boolean update(EndpointPlan newer) {
        boolean differs = !newer.equals(plan);
        this.plan = newer;
        return differs;
    }

    /** Takes over the limits of a reload. */
    void limits(LimitsPlan limits) {
        active.max(limits.maxRequestsPerEndpoint());
        connections.max(limits.maxConnectionsPerEndpoint());
    }

    /** The logical member resolves elsewhere from now on. */
    void moveTo(EndpointPlan newer) {
        this.plan = newer;
        this.where = Where.of(newer);
    }

    void health(Health now, long nowNanos) {
        this.condition = new Condition(now, nowNanos);
    }

    void leave() {
        this.gone = true;
    }

    @Override
    public String toString() {
        return hostPort();
    }
}
