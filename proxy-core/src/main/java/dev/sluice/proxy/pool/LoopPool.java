package dev.sluice.proxy.pool;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.timer.LoopTimers;
import dev.sluice.proxy.upstream.Connector;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** All connections of one cluster on one event loop. Used on that loop only, except {@link #connectionCount()}. */
final class LoopPool {
    private static final long MAX_SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MIN_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ClusterPool clusterPool;
    private final EventLoop loop;
    private final IdentityHashMap<Endpoint, EndpointPool> h1 = new IdentityHashMap<>();
    private final IdentityHashMap<Endpoint, EndpointPool> h2 = new IdentityHashMap<>();
    private boolean sweeping;
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

    Connector connector() {
        return clusterPool.connector();
    }

    EventLoop loop() {
        return loop;
    }

    long nowNanos() {
        return loop.ticker().nanoTime();
    }

    int connectionCount() {
        return connectionCount;
    }

    void acquire(Attempt attempt, Endpoint endpoint, HttpVersion version) {
        IdentityHashMap<Endpoint, EndpointPool> pools = version == HttpVersion.HTTP_2 ? h2 : h1;
        EndpointPool pool = pools.get(endpoint);
        if (pool == null) {
            pool = new EndpointPool(this, endpoint, version);
            pools.put(endpoint, pool);
        }
        pool.acquire(attempt);
    }

    /** Closes one idle connection other than {@code except}'s; false when there is none. */
    boolean evictIdle(@Nullable EndpointPool except) {
        for (EndpointPool pool : h1.values()) {
            if (pool != except && pool.evictIdle()) {
                return true;
            }
        }
        for (EndpointPool pool : h2.values()) {
            if (pool != except && pool.evictIdle()) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, its loop
    void connectionAdded() {
        connectionCount++;
        if (!sweeping) {
            sweeping = true;
            scheduleSweep();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, its loop
    void connectionRemoved() {
        connectionCount--;
    }

    private void scheduleSweep() {
        Duration idle = cluster().plan().limits().idleTimeout();
        long interval = idle == null ? MAX_SWEEP_NANOS : idle.toNanos() / 4;
        interval = Math.max(MIN_SWEEP_NANOS, Math.min(MAX_SWEEP_NANOS, interval));
        LoopTimers.of(loop).schedule(interval, this::sweep);
    }

    private void sweep() {
        sweep(h1);
        sweep(h2);
        if (connectionCount > 0) {
            scheduleSweep();
        } else {
            sweeping = false;
        }
    }

    private void sweep(IdentityHashMap<Endpoint, EndpointPool> pools) {
        long now = nowNanos();
        var members = cluster().endpoints().all();
        for (EndpointPool pool : List.copyOf(pools.values())) {
            boolean gone = !members.contains(pool.endpoint());
            pool.sweep(gone, now);
            if (gone && pool.isUnused()) {
                pools.remove(pool.endpoint());
            }
        }
    }
}
