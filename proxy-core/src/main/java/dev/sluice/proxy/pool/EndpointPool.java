package dev.sluice.proxy.pool;

import dev.sluice.config.plan.LimitsPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.timer.LoopTimers;
import dev.sluice.proxy.upstream.Connector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Connections of one event loop to one endpoint in one protocol. Idle ones are taken last in, first out, so that a pool
 * shrinks to what the load needs. Event loop of the pool only.
 */
final class EndpointPool {
    private final LoopPool owner;
    private final Endpoint endpoint;
    private final HttpVersion version;
    private final Set<PooledConnection> connections = new LinkedHashSet<>();
    private final ArrayDeque<PooledConnection> ready = new ArrayDeque<>();
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    private int connecting;

    EndpointPool(LoopPool owner, Endpoint endpoint, HttpVersion version) {
        this.owner = owner;
        this.endpoint = endpoint;
        this.version = version;
    }

    Cluster cluster() {
        return owner.cluster();
    }

    LoopPool owner() {
        return owner;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    long nowNanos() {
        return owner.nowNanos();
    }

    boolean isUnused() {
        return connections.isEmpty() && waiters.isEmpty() && connecting == 0;
    }

    /** Opens a stream for {@code attempt}, now or when a connection is there; or fails it. */
    void acquire(Attempt attempt) {
        if (waiters.isEmpty()) {
            PooledConnection connection = takeReady();
            if (connection != null) {
                connection.open(attempt);
                return;
            }
        }
        if (!cluster().pending().tryAcquire()) {
            attempt.fail(ProxyError.proxy(ErrorCode.PENDING_FULL, "http1MaxPendingRequests is reached"));
            return;
        }
        Waiter waiter = new Waiter(attempt, this, nowNanos());
        waiters.add(waiter);
        attempt.waitingFor(waiter);
        Duration deadline = cluster().plan().limits().pendingDeadline();
        if (deadline != null) {
            waiter.deadline(LoopTimers.of(owner.loop()).schedule(deadline.toNanos(), () -> expire(waiter)));
        }
        connectIfNeeded();
    }

    private void expire(Waiter waiter) {
        if (!waiter.isDone()) {
            forget(waiter);
            waiter.fail(ProxyError.proxy(ErrorCode.PENDING_FULL, "sluice.dev/pending-deadline passed"));
        }
    }

    /** A cancelled waiter may have stood in the cluster's queue for others too. */
    void forget(Waiter waiter) {
        waiters.remove(waiter);
        connectIfNeeded();
    }

    /** One connect for each HTTP/1 waiter; HTTP/2 waiters share one, as many as the settings let it carry. */
    private void connectIfNeeded() {
        if (waiters.isEmpty()) {
            return;
        }
        int perConnection = version == HttpVersion.HTTP_2
                ? Math.min(100, cluster().plan().limits().maxConcurrentStreams())
                : 1;
        int wanted = (waiters.size() + perConnection - 1) / perConnection;
        if (wanted > connecting) {
            Waiter youngest = waiters.getLast();
            if (owner.clusterPool().tryPermit(owner, this)) {
                connect();
            } else if (youngest.markQueued()) {
                owner.clusterPool().queueForPermit(youngest);
            }
        }
    }

    /** A permit of the cluster was handed to this pool; gives it back when nobody waits for it any more. */
    void permitGranted() {
        if (waiters.size() > connecting || (waiters.size() > 0 && version == HttpVersion.HTTP_2 && connecting == 0)) {
            connect();
        } else {
            owner.clusterPool().releasePermit();
        }
    }

    private void connect() {
        connecting++;
        LimitsPlan limits = cluster().plan().limits();
        owner.connector().connect(owner.loop(), endpoint.address(), version, limits, new Connector.Outcome() {
            @Override
            public void connected(ClientConnection connection) {
                connecting--;
                PooledConnection pooled = new PooledConnection(EndpointPool.this, connection, nowNanos());
                connections.add(pooled);
                owner.connectionAdded();
                connection.listener(pooled);
                available(pooled);
            }

            @Override
            public void failed(ProxyError error) {
                connecting--;
                owner.clusterPool().releasePermit();
                connectFailed(error);
            }
        });
    }

    private void connectFailed(ProxyError error) {
        if (version == HttpVersion.HTTP_2) {
            List<Waiter> all = new ArrayList<>(waiters);
            waiters.clear();
            all.forEach(waiter -> waiter.fail(error));
            return;
        }
        Waiter first = waiters.poll();
        if (first != null) {
            first.fail(error);
        }
    }

    /** {@code connection} may take a stream. */
    void available(PooledConnection connection) {
        LimitsPlan limits = cluster().plan().limits();
        while (connection.capacity(limits) > 0) {
            if (connection.isIdle() && owner.clusterPool().foreignWaiterIsStarving(owner, waiters.peek(), nowNanos())) {
                connection.retire();
                return;
            }
            Waiter waiter = waiters.poll();
            if (waiter == null) {
                break;
            }
            waiter.serve(connection);
        }
        if (connection.capacity(limits) > 0) {
            if (connection.isIdle() && owner.clusterPool().hasQueuedWaiters()) {
                // Nobody here needs it and the cluster is at its limit: its permit is worth more elsewhere.
                connection.retire();
            } else if (!connection.ready) {
                connection.ready = true;
                ready.addLast(connection);
            }
        }
        connectIfNeeded();
    }

    private @Nullable PooledConnection takeReady() {
        LimitsPlan limits = cluster().plan().limits();
        PooledConnection connection;
        while ((connection = ready.peekLast()) != null) {
            if (connection.isExpired(limits, nowNanos())) {
                unready(connection);
                connection.retire();
            } else if (connection.capacity(limits) <= 0) {
                unready(connection);
            } else {
                return connection;
            }
        }
        return null;
    }

    void opened(PooledConnection connection) {
        if (connection.ready && connection.capacity(cluster().plan().limits()) <= 0) {
            unready(connection);
        }
    }

    void unready(PooledConnection connection) {
        if (connection.ready) {
            connection.ready = false;
            ready.removeLastOccurrence(connection);
        }
    }

    void closed(PooledConnection connection) {
        unready(connection);
        if (connections.remove(connection)) {
            owner.connectionRemoved();
            owner.clusterPool().releasePermit();
        }
    }

    /** Closes one idle connection, so that its permit can serve somebody else; false when there is none. */
    boolean evictIdle() {
        PooledConnection oldest = ready.peekFirst();
        if (oldest == null || !oldest.isIdle()) {
            return false;
        }
        unready(oldest);
        oldest.retire();
        return true;
    }

    /** Retires what is past its time, or everything when the endpoint left the cluster. */
    void sweep(boolean endpointGone, long nowNanos) {
        LimitsPlan limits = cluster().plan().limits();
        for (PooledConnection connection : List.copyOf(connections)) {
            if (endpointGone || connection.isExpired(limits, nowNanos)) {
                unready(connection);
                connection.retire();
            }
        }
    }
}
