package dev.sluice.proxy.pool;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.ClusterObserver;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.upstream.ConnectionOpener;
import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one cluster on all event loops. A connection belongs to the loop that opened it and serves that
 * loop's requests only.
 *
 * <p>Permits ({@code maxConnections}, {@code sluice.dev/max-connections-per-endpoint}) are exact: one is taken before a connect starts and given back when the connection
 * is closed. Where none is left, waiters of all loops and endpoints stand in one queue, and a permit that comes free goes
 * to its head. So that nobody waits for a permit that another loop or endpoint sits on: who queues has one idle connection
 * closed, wherever there is one; a connection that falls idle while somebody queues is closed unless its own pool has
 * waiters; and even then, or when it is busy with HTTP/2 streams one after the other, once the head of the queue has
 * waited too long ({@link EndpointPool}).
 *
 * <p>A change of what a connection is made of (protocol, TLS, keepalive, PINGs) or an endpoint that leaves drains: connections finish
 * their streams and take no more. Thread-safe.
 */
public final class ClusterPool implements AutoCloseable {
    private final Cluster cluster;
    private final ConnectionOpener opener;
    private final PermitQueue queue;
    private final HandOvers handOvers;
    // Copy on write: loops are few and never go away.
    private volatile LoopPool[] loops = new LoopPool[0];
    private volatile boolean closed;
    /** A permit that comes back need not free one any more: limits of endpoints are in force, or a limit was lowered. */
    private volatile boolean looksAgain;

    /** Starts without connections. */
    public ClusterPool(Cluster cluster, ConnectionOpener opener) {
        this.cluster = cluster;
        this.opener = opener;
        this.queue = new PermitQueue(cluster.connections());
        this.looksAgain = cluster.plan().limits().maxConnectionsPerEndpoint() != Integer.MAX_VALUE;
        this.handOvers = new HandOvers(cluster.connections(), queue);
        cluster.observe(new Changes());
    }

    /** Opens a stream for {@code attempt}, on its own event loop, now or later; or fails it. */
    public void acquire(Attempt attempt, Endpoint endpoint, HttpVersion version) {
        loopPool(attempt.exchange().loop()).acquire(attempt, endpoint, version);
    }

    /**
     * Lets connections finish their streams and keeps none from now on. Exchanges that still hold this cluster are served,
     * each by a connection of its own.
     */
    @Override
    public void close() {
        closed = true;
        onEachLoop(LoopPool::retireAll);
    }

    boolean isClosed() {
        return closed;
    }

    Cluster cluster() {
        return cluster;
    }

    ConnectionOpener opener() {
        return opener;
    }

    PermitQueue queue() {
        return queue;
    }

    /** Pools of endpoints on all loops; a number of the moment. */
    int poolCount() {
        return Arrays.stream(loops).mapToInt(LoopPool::poolCount).sum();
    }

    HandOvers handOvers() {
        return handOvers;
    }

    private LoopPool loopPool(EventLoop loop) {
        for (LoopPool pool : loops) {
            if (pool.loop() == loop) {
                return pool;
            }
        }
        return addLoop(loop);
    }

    private synchronized LoopPool addLoop(EventLoop loop) {
        LoopPool added = new LoopPool(this, loop);
        LoopPool[] next = Arrays.copyOf(loops, loops.length + 1);
        next[next.length - 1] = added;
        loops = next;
        return added;
    }

    private void onEachLoop(Consumer<LoopPool> action) {
        for (LoopPool pool : loops) {
            pool.loop().execute(() -> action.accept(pool));
        }
    }

    // ---- permits

    /** Takes a permit for {@code endpoint} unless somebody waits for one already. */
    public boolean tryPermit(Endpoint endpoint) {
        return queue.isEmpty() && queue.take(endpoint);
    }

    /** Lets {@code waiter} stand in for a permit; its pool is told by {@link EndpointPool#permitGranted}. */
    void enqueue(Waiter waiter) {
        queue.add(waiter);
        dispatch();
        if (!queue.isEmpty() && !waiter.pool.owner().evictIdle()) {
            evictElsewhere(waiter, 0);
        }
    }

    /** A connection to {@code endpoint} is gone, or a permit was not needed. */
    public void releasePermit(Endpoint endpoint) {
        queue.giveBack(endpoint);
        dispatch();
    }

    /**
     * Hands free permits to who has waited longest. Called after each change that could let somebody pass: a permit came
     * back, somebody queued, a limit was raised. Whoever gives back a permit looks at the queue afterwards and whoever
     * queues tries for a permit afterwards, so one of the two sees the other.
     */
    private void dispatch() {
        if (queue.isEmpty()) {
            return;
        }
        for (Waiter next = queue.grant(); next != null; next = queue.grant()) {
            Waiter granted = next;
            // Never at once, also on its own loop: this may be in the midst of that pool's work.
            granted.pool.owner().loop().execute(() -> granted.pool.permitGranted(granted));
        }
        if (looksAgain) {
            evictForThoseLeft();
        }
    }

    /**
     * Who waited for its endpoint and now waits for the cluster, or the other way round, has not had an idle connection
     * closed for that yet, and one that was closed may have gone to a lower limit. Which connection helps whom is asked
     * at each one.
     */
    private void evictForThoseLeft() {
        Waiter waiter = queue.first();
        if (waiter != null) {
            waiter.pool.owner().loop().execute(() -> {
                if (!queue.isEmpty() && !waiter.pool.owner().evictIdle()) {
                    evictElsewhere(waiter, 0);
                }
            });
        }
    }

    /**
     * Asks the loops one after the other until one of them had an idle connection to close. Also when {@code waiter} has
     * its permit by now: it may be the one that was to come for somebody else who still waits.
     */
    private void evictElsewhere(Waiter waiter, int from) {
        LoopPool[] all = loops;
        for (int i = from; i < all.length; i++) {
            LoopPool other = all[i];
            int following = i + 1;
            if (other != waiter.pool.owner() && other.connectionCount() > 0) {
                other.loop().execute(() -> {
                    if (!queue.isEmpty() && !other.evictIdle()) {
                        evictElsewhere(waiter, following);
                    }
                });
                return;
            }
        }
    }

    /** Who has waited longest for a permit, if {@code pool}'s connections do not serve that one anyway; null else. */
    @Nullable
    Waiter longestWaiterOfOthers(EndpointPool pool) {
        return queue.isEmpty() ? null : queue.longestFor(pool);
    }

    private final class Changes implements ClusterObserver {
        @Override
        public void settingsChanged(Cluster same, ClusterPlan before) {
            if (same.plan().limits().maxConnectionsPerEndpoint() != Integer.MAX_VALUE
                    || same.connections().exceededBy() > 0) {
                looksAgain = true;
            }
            dispatch();
            ClusterPlan now = same.plan();
            boolean otherTransport = before.protocol() != now.protocol()
                    || !Objects.equals(before.connect().tls(), now.connect().tls())
                    || before.connect().proxyProtocol() != now.connect().proxyProtocol()
                    || !Objects.equals(before.limits().keepAlive(), now.limits().keepAlive())
                    || !Objects.equals(before.limits().pings(), now.limits().pings());
            if (otherTransport) {
                onEachLoop(LoopPool::retireAll);
            }
            onEachLoop(LoopPool::sweepAnew);
        }

        @Override
        public void endpointsChanged(Cluster same, List<Endpoint> joined, List<Endpoint> left) {
            if (!left.isEmpty()) {
                onEachLoop(pool -> pool.retire(left));
            }
        }
    }
}
