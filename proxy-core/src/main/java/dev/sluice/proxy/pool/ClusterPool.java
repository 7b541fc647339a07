package dev.sluice.proxy.pool;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.upstream.Connector;
import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one cluster on all event loops. Permits ({@code maxConnections}) are exact: one is taken before a
 * connect starts and given back when the connection is closed. Where none is left, waiters of all loops stand in one
 * queue; a permit that comes free goes to its head, whatever its loop. A connection that falls idle serves its own loop
 * first, but not while somebody of another loop has waited longer than {@value #STARVING_MILLIS} ms more than anybody
 * here: then it is closed and its permit handed over, so that no loop starves while another one idles.
 *
 * <p>Thread-safe.
 */
public final class ClusterPool {
    static final int STARVING_MILLIS = 20;
    private static final long STARVING_NANOS = TimeUnit.MILLISECONDS.toNanos(STARVING_MILLIS);

    private final Cluster cluster;
    private final Connector connector;
    private final ConcurrentLinkedQueue<Waiter> queue = new ConcurrentLinkedQueue<>();
    // Copy on write: loops are few and never go away.
    private volatile LoopPool[] loops = new LoopPool[0];

    /** Starts without connections. */
    public ClusterPool(Cluster cluster, Connector connector) {
        this.cluster = cluster;
        this.connector = connector;
    }

    /** Opens a stream for {@code attempt}, on its own event loop, now or later; or fails it. */
    public void acquire(Attempt attempt, Endpoint endpoint, HttpVersion version) {
        loopPool(attempt.exchange().loop()).acquire(attempt, endpoint, version);
    }

    Cluster cluster() {
        return cluster;
    }

    Connector connector() {
        return connector;
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

    /** Takes a permit for a connect of {@code pool}; evicts an idle connection of the same loop where that helps. */
    boolean tryPermit(LoopPool owner, EndpointPool pool) {
        if (!queue.isEmpty()) {
            dropDone();
        }
        if (queue.isEmpty() && cluster.connections().tryAcquire()) {
            return true;
        }
        // Closing gives the permit back at once or a little later; either way it goes to the queue's head.
        owner.evictIdle(pool);
        return queue.isEmpty() && cluster.connections().tryAcquire();
    }

    void queueForPermit(Waiter waiter) {
        queue.add(waiter);
        // Between the failed try and the queueing a permit may have come back and found nobody.
        if (cluster.connections().tryAcquire()) {
            grant();
            return;
        }
        LoopPool own = waiter.pool.owner();
        for (LoopPool other : loops) {
            if (other != own && other.connectionCount() > 0) {
                other.loop().execute(() -> other.evictIdle(null));
                return;
            }
        }
    }

    /** A connection is gone: its permit goes to the head waiter, or back. */
    void releasePermit() {
        if (cluster.connections().used() > cluster.connections().max()) {
            cluster.connections().release();
            return;
        }
        grant();
    }

    /** Hands a permit that the caller holds to the head waiter, or gives it back. */
    private void grant() {
        while (true) {
            Waiter head = queue.poll();
            if (head == null) {
                cluster.connections().release();
                // Somebody may have queued after the poll and failed to take the permit before the release.
                if (queue.isEmpty() || !cluster.connections().tryAcquire()) {
                    return;
                }
            } else if (!head.isDone()) {
                EndpointPool pool = head.pool;
                EventLoop loop = pool.owner().loop();
                if (loop.inEventLoop()) {
                    pool.permitGranted();
                } else {
                    loop.execute(pool::permitGranted);
                }
                return;
            }
        }
    }

    boolean hasQueuedWaiters() {
        dropDone();
        return !queue.isEmpty();
    }

    /** Whether the head of the queue is of another loop and has waited much longer than {@code local}. */
    boolean foreignWaiterIsStarving(LoopPool owner, @Nullable Waiter local, long nowNanos) {
        Waiter head = queue.peek();
        if (head == null || head.isDone() || head.pool.owner() == owner) {
            return false;
        }
        long localSince = local == null ? nowNanos : local.sinceNanos;
        return localSince - head.sinceNanos > STARVING_NANOS;
    }

    private void dropDone() {
        Waiter head;
        while ((head = queue.peek()) != null && head.isDone()) {
            queue.remove(head);
        }
    }
}
