package dev.sluice.proxy.pool;

import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.loop.LoopTime;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.timer.LoopTimers;
import dev.sluice.proxy.upstream.ConnectionOpener;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** All connections of one cluster on one event loop. Used on that loop only, except {@link #connectionCount()}. */
final class LoopPool {
    /** Connections whose times end close together are retired in one go. */
    private static final long MIN_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Beyond two of these nanoseconds do not fit into a long. */
    private static final Duration CENTURY = Duration.ofDays(36_500);

    private final ClusterPool clusterPool;
    private final EventLoop loop;
    private final IdentityHashMap<Endpoint, EndpointPool> h1 = new IdentityHashMap<>();
    private final IdentityHashMap<Endpoint, EndpointPool> h2 = new IdentityHashMap<>();
    /** Where a connection serves requests of one host or one client only. */
    private final Map<Key, EndpointPool> apart = new HashMap<>();

    private LoopTimers.@Nullable Timer sweep;
    private long sweepNanos;
    // Written on the loop, read by other loops that look for a connection to evict.
    private volatile int connectionCount;

    LoopPool(ClusterPool clusterPool, EventLoop loop) {
        this.clusterPool = clusterPool;
        this.loop = loop;
    }

    ClusterPool clusterPool() {
        return clusterPool;
    }

    Cluster cluster() {
        return clusterPool.cluster();
    }

    ConnectionOpener opener() {
        return clusterPool.opener();
    }

    EventLoop loop() {
        return loop;
    }

    long nowNanos() {
        return LoopTime.nanos(loop);
    }

    int connectionCount() {
        return connectionCount;
    }

    private record Key(Endpoint endpoint, HttpVersion version, Apart apart) {}

    /** Pools of endpoints, in both protocols. */
    int poolCount() {
        return h1.size() + h2.size() + apart.size();
    }

    void acquire(Attempt attempt, Endpoint endpoint, HttpVersion version) {
        Apart name = Apart.of(cluster().plan(), attempt);
        if (name != null) {
            apart.computeIfAbsent(
                            new Key(endpoint, version, name), key -> new EndpointPool(this, endpoint, version, name))
                    .acquire(attempt);
            return;
        }
        IdentityHashMap<Endpoint, EndpointPool> pools = pools(version);
        EndpointPool pool = pools.get(endpoint);
        if (pool == null) {
            pool = new EndpointPool(this, endpoint, version, null);
            pools.put(endpoint, pool);
        }
        pool.acquire(attempt);
    }

    private IdentityHashMap<Endpoint, EndpointPool> pools(HttpVersion version) {
        return version == HttpVersion.HTTP_2 ? h2 : h1;
    }

    private List<EndpointPool> allPools() {
        List<EndpointPool> all = new ArrayList<>(h1.values());
        all.addAll(h2.values());
        all.addAll(apart.values());
        return all;
    }

    /** Forgets {@code pool} if nothing is left of it, and its endpoint is gone or clients could make up more of its kind. */
    void dropIfUnused(EndpointPool pool) {
        Apart name = pool.apart();
        if (name != null) {
            if (pool.isUnused()) {
                apart.remove(new Key(pool.endpoint(), pool.version(), name), pool);
            }
        } else if (pool.isClosing() && pool.isUnused()) {
            pools(pool.version()).remove(pool.endpoint(), pool);
        }
    }

    /** Closes one idle connection for somebody in the permit queue; false when there is none. */
    boolean evictIdle() {
        for (EndpointPool pool : h1.values()) {
            if (pool.evictIdle()) {
                return true;
            }
        }
        for (EndpointPool pool : h2.values()) {
            if (pool.evictIdle()) {
                return true;
            }
        }
        for (EndpointPool pool : apart.values()) {
            if (pool.evictIdle()) {
                return true;
            }
        }
        return false;
    }

    /** Drains the connections to endpoints that left. */
    void retire(List<Endpoint> left) {
        for (Endpoint endpoint : left) {
            for (EndpointPool pool : new EndpointPool[] {h1.get(endpoint), h2.get(endpoint)}) {
                if (pool != null) {
                    pool.retireAll();
                }
            }
        }
        for (EndpointPool pool : List.copyOf(apart.values())) {
            if (left.contains(pool.endpoint())) {
                pool.retireAll();
            }
        }
    }

    /** Drains all connections. */
    void retireAll() {
        allPools().forEach(EndpointPool::retireAll);
    }

    // ---- connections that outlive their time

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, its loop
    void connectionAdded() {
        connectionCount++;
        if (sweep == null) {
            sweepIn(shortestSpan());
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, its loop
    void connectionRemoved() {
        connectionCount--;
    }

    /** The settings have changed: times may end earlier than thought. */
    void sweepAnew() {
        if (sweep != null) {
            sweep.cancel();
            sweep = null;
        }
        sweep();
    }

    /**
     * Retires what is past its time and comes back when the next one may be. A connection that falls idle or is made later
     * has a whole span before it, so looking again after one span at the latest misses none.
     */
    private void sweep() {
        sweep = null;
        long now = nowNanos();
        long next = shortestSpan();
        for (EndpointPool pool : allPools()) {
            next = Math.min(next, pool.sweep(now));
        }
        if (connectionCount > 0) {
            sweepIn(next);
        }
    }

    private void sweepIn(long nanos) {
        if (nanos != Long.MAX_VALUE) {
            long delay = Math.max(MIN_SWEEP_NANOS, nanos);
            sweepNanos = nowNanos() + delay;
            sweep = LoopTimers.of(loop).schedule(delay, this::sweep);
        }
    }

    /** A connection has fallen idle that will be past its time in {@code nanos}. */
    void sweepWithin(long nanos) {
        if (nanos == Long.MAX_VALUE) {
            return;
        }
        LoopTimers.Timer set = sweep;
        if (set == null) {
            sweepIn(nanos);
        } else if (sweepNanos - nowNanos() > Math.max(MIN_SWEEP_NANOS, nanos)) {
            set.cancel();
            sweepIn(nanos);
        }
    }

    /** The shorter of the two spans that a connection may live for; {@link Long#MAX_VALUE} when there is neither. */
    private long shortestSpan() {
        LimitsPlan limits = cluster().plan().limits();
        return Math.min(nanos(limits.idleTimeout()), nanos(limits.maxConnectionDuration()));
    }

    /** {@code span} in nanoseconds; {@link Long#MAX_VALUE} for none and for those of centuries. */
    static long nanos(@Nullable Duration span) {
        return span == null || span.compareTo(CENTURY) > 0 ? Long.MAX_VALUE : span.toNanos();
    }
}
