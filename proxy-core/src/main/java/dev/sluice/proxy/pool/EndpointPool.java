package dev.sluice.proxy.pool;

import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.config.plan.policy.LimitsPlan.PingPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.timer.LoopTimers;
import dev.sluice.proxy.upstream.Connector;
import dev.sluice.proxy.upstream.Reach;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections of one event loop to one endpoint in one protocol. Idle ones are taken last in, first out, so that a pool
 * shrinks to what the load needs. Waiters are served in the order of their arrival by whatever connection is there first.
 *
 * <p>Invariant after every step: connects in flight plus permits asked for are at least as many as the waiters need, so
 * none is forgotten. Event loop of the pool only.
 */
final class EndpointPool {
    /** Streams that a new HTTP/2 connection is expected to carry before its SETTINGS are known (RFC 9113, section 6.5.2). */
    private static final int EXPECTED_STREAMS = 100;
    /**
     * A connection that falls idle goes on with its own pool's waiters unless somebody of another pool has waited this much
     * longer: a connect costs more than a short wait.
     */
    static final long PATIENCE_IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** The same for an HTTP/2 connection that never falls idle; draining one is dearer than closing one. */
    static final long PATIENCE_BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final LoopPool owner;
    private final Endpoint endpoint;
    private final HttpVersion version;
    /** In whose name the connections are made; null for everybody's. */
    private final @Nullable Apart apart;

    private final Set<PooledConnection> connections = new LinkedHashSet<>();
    private final ArrayDeque<PooledConnection> ready = new ArrayDeque<>();
    private final Line waiters = new Line();
    private int connecting;
    /** Connections left open only to see how long their server lets them. */
    private int testing;
    /** Waiters in the permit queue, and permits on their way here. */
    private int asking;
    /** Counts changes that existing connections do not outlive. */
    private int generation;

    EndpointPool(LoopPool owner, Endpoint endpoint, HttpVersion version, @Nullable Apart apart) {
        this.apart = apart;
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

    HttpVersion version() {
        return version;
    }

    @Nullable
    Apart apart() {
        return apart;
    }

    long nowNanos() {
        return owner.nowNanos();
    }

    /** Whether no connection is kept any more. */
    boolean isClosing() {
        return endpoint.isGone() || owner.clusterPool().isClosed();
    }

    /** How long a connection may be idle. */
    long idleNanos(LimitsPlan limits) {
        return Apart.atMost(apart, LoopPool.nanos(limits.idleTimeout()));
    }

    boolean isUnused() {
        return connections.isEmpty() && waiters.isEmpty() && connecting == 0 && asking == 0;
    }

    // ---- requests

    /** Opens a stream for {@code attempt}, now or when a connection is there; or fails it. */
    void acquire(Attempt attempt) {
        PooledConnection connection = attempt.needsNewConnection() || waiters.isForAnyConnection() ? null : takeReady();
        if (connection != null) {
            if (attempt.tryAdmit(cluster())) {
                connection.open(attempt);
            } else {
                cluster().counters().requestRefused();
                attempt.fail(Attempt.REQUESTS_FULL);
            }
            return;
        }
        if (!cluster().pending().tryAcquire()) {
            cluster().counters().pendingRefused();
            attempt.fail(ProxyError.proxy(ErrorCode.PENDING_FULL, "http1MaxPendingRequests is reached"));
            owner.dropIfUnused(this);
            return;
        }
        Waiter waiter = new Waiter(attempt, this, nowNanos());
        waiters.add(waiter);
        attempt.waitingFor(waiter);
        Duration deadline = cluster().plan().limits().pendingDeadline();
        if (deadline != null) {
            waiter.deadline(LoopTimers.of(owner.loop()).schedule(LoopPool.nanos(deadline), () -> expire(waiter)));
        }
        connectIfNeeded();
    }

    private void expire(Waiter waiter) {
        waiters.remove(waiter);
        cluster().counters().pendingRefused();
        waiter.fail(ProxyError.proxy(ErrorCode.PENDING_FULL, "sluice.dev/pending-deadline passed"));
        connectIfNeeded();
        owner.dropIfUnused(this);
    }

    /** {@code waiter} was cancelled. */
    void forget(Waiter waiter) {
        waiters.remove(waiter);
        connectIfNeeded();
        owner.dropIfUnused(this);
    }

    /** {@code waiter} waits no more. A permit that is on its way already comes all the same. */
    void noLongerAsks(Waiter waiter) {
        if (waiter.asksForPermit() && owner.clusterPool().queue().remove(waiter)) {
            waiter.asksForPermit(false);
            asking--;
        }
    }

    // ---- connects

    /** Connections that the waiters need: one each for HTTP/1; HTTP/2 carries as many as the settings let it. */
    private int wanted() {
        if (version != HttpVersion.HTTP_2) {
            return waiters.size();
        }
        int each = Math.min(EXPECTED_STREAMS, cluster().plan().limits().maxConcurrentStreams());
        return (waiters.size() + each - 1) / each;
    }

    private void connectIfNeeded() {
        while (wanted() > connecting + asking) {
            if (owner.clusterPool().tryPermit(endpoint)) {
                connect();
            } else {
                Waiter waiter = waiters.nextToAsk();
                if (waiter == null) {
                    return;
                }
                waiter.asksForPermit(true);
                asking++;
                owner.clusterPool().enqueue(waiter);
            }
        }
    }

    /** A permit came for {@code waiter}, who may have gone since; whoever waits here now is served by it. */
    void permitGranted(Waiter waiter) {
        waiter.asksForPermit(false);
        asking--;
        if (wanted() > connecting) {
            connect();
        } else {
            owner.clusterPool().releasePermit(endpoint);
        }
        connectIfNeeded();
        owner.dropIfUnused(this);
    }

    private void connect() {
        connecting++;
        int startedIn = generation;
        Reach reach = Apart.reach(cluster().plan(), apart);
        owner.opener().connect(owner.loop(), endpoint.address(), version, reach, new Connector.Outcome() {
            @Override
            public void connected(ClientConnection connection) {
                connecting--;
                boolean outdated = startedIn != generation;
                PooledConnection pooled = new PooledConnection(EndpointPool.this, connection, nowNanos(), outdated);
                connections.add(pooled);
                owner.connectionAdded();
                connection.listener(pooled);
                PingPlan pings = cluster().plan().limits().pings();
                if (pings != null) {
                    connection.watch(LoopPool.nanos(pings.interval()), LoopPool.nanos(pings.timeout()));
                }
                available(pooled);
            }

            @Override
            public void failed(ProxyError error) {
                connecting--;
                owner.clusterPool().releasePermit(endpoint);
                connectFailed(error);
            }
        });
    }

    /** Fails as many as would have been on the connection. */
    private void connectFailed(ProxyError error) {
        int share = version == HttpVersion.HTTP_2 && connecting == 0 ? waiters.size() : Math.min(1, waiters.size());
        waiters.take(share).forEach(waiter -> waiter.fail(error));
        connectIfNeeded();
        owner.dropIfUnused(this);
    }

    // ---- connections

    /** {@code connection} may take a stream. */
    void available(PooledConnection connection) {
        LimitsPlan limits = cluster().plan().limits();
        while (connection.capacity(limits) > 0) {
            Waiter waiter = waiters.firstFor(connection);
            // Of those that a connection could serve the oldest counts, or two pools would hand their permits to and
            // fro.
            if (yieldsToOthers(connection, connection.isNew() ? waiters.oldest() : waiter)) {
                connection.retire();
            } else if (waiter == null) {
                keep(connection);
                break;
            } else if (!admitted(waiter, connection)) {
                break;
            }
        }
        connectIfNeeded();
    }

    /** Serves or refuses {@code waiter}; false to go on with it and {@code connection} in a moment. */
    private boolean admitted(Waiter waiter, PooledConnection connection) {
        switch (waiter.admission()) {
            case GRANTED -> {
                waiters.remove(waiter);
                waiter.serve(connection);
            }
            case REFUSED -> {
                waiters.remove(waiter);
                cluster().counters().requestRefused();
                waiter.fail(Attempt.REQUESTS_FULL);
            }
            case LATER -> {
                owner.loop().execute(() -> available(connection));
                return false;
            }
        }
        return true;
    }

    /** Nobody here needs {@code connection} now. */
    private void keep(PooledConnection connection) {
        if (connection.isIdle() && connection.isUnwanted()) {
            connection.retire();
        } else if (!connection.isIdle() || !handOver(connection)) {
            if (!connection.ready) {
                connection.ready = true;
                ready.addLast(connection);
                owner.sweepWithin(Apart.atMost(apart, endpoint.idleLife().limitNanos()));
            }
        }
    }

    /** Closes the idle {@code connection} if somebody queues for its permit, or a limit was lowered below it. */
    private boolean handOver(PooledConnection connection) {
        if (!owner.clusterPool().handOvers().tryClose(endpoint)) {
            return false;
        }
        connection.handedOver = true;
        connection.retire();
        return true;
    }

    /** Whether somebody of another pool has waited so much longer than {@code local} that this one's permit is due. */
    private boolean yieldsToOthers(PooledConnection connection, @Nullable Waiter local) {
        if (connection.isIdle() && owner.clusterPool().handOvers().isSurplus(endpoint) && handOver(connection)) {
            return true;
        }
        Waiter longest = owner.clusterPool().longestWaiterOfOthers(this);
        if (longest == null) {
            return false;
        }
        long waitedLonger = (local == null ? nowNanos() : local.sinceNanos) - longest.sinceNanos;
        if (connection.isIdle()) {
            return waitedLonger > PATIENCE_IDLE_NANOS && handOver(connection);
        }
        return waitedLonger > PATIENCE_BUSY_NANOS && longest.tryDrain();
    }

    private @Nullable PooledConnection takeReady() {
        PooledConnection connection;
        while ((connection = ready.peekLast()) != null) {
            LimitsPlan limits = cluster().plan().limits();
            long now = nowNanos();
            if (connection.remainingNanos(limits, now) <= 0) {
                connection.expire(limits, now);
            } else if (yieldsToOthers(connection, null)) {
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
            testing -= connection.wasTested() ? 1 : 0;
            if (connection.handedOver) {
                owner.clusterPool().handOvers().closed(endpoint);
            }
            owner.connectionRemoved();
            owner.clusterPool().releasePermit(endpoint);
            connectIfNeeded();
            owner.dropIfUnused(this);
        }
    }

    /** Closes the connection that has been idle longest, for somebody in the permit queue; false when none is idle. */
    boolean evictIdle() {
        for (PooledConnection connection : testing > 0 ? connections : ready) {
            if (connection.isIdle() && (connection.ready || connection.isTested())) {
                return handOver(connection);
            }
        }
        return false;
    }

    /** {@code connection} is idle and stays so. */
    void tested(PooledConnection connection) {
        unready(connection);
        testing++;
    }

    /** Whether nobody waits for the permit of a connection that is not to be used. */
    boolean mayKeepUnused() {
        return owner.clusterPool().queue().isEmpty();
    }

    /**
     * The server closed {@code idle} after {@code nanos} without a request. Where another one has been idle for longer and
     * still stands it was no timeout but a limit of another kind, or a part of a restart.
     */
    void closedIdle(PooledConnection idle, long sinceNanos, long nanos) {
        for (PooledConnection other : connections) {
            if (other != idle && other.isIdleSince(sinceNanos - nanos / 4)) {
                return;
            }
        }
        endpoint.idleLife().closedAfter(nanos);
    }

    /**
     * A request found {@code stale} closed, which had been idle since {@code sinceNanos}. Those that have been idle for as
     * long are closed too or about to be, so nothing is sent on them.
     */
    void foundStale(PooledConnection stale, long sinceNanos, long nanos) {
        closedIdle(stale, sinceNanos, nanos);
        for (PooledConnection other : List.copyOf(ready)) {
            if (other.isIdleSince(sinceNanos)) {
                other.retire();
            }
        }
    }

    /** Nothing of what is there now is kept; waiters go on. */
    void retireAll() {
        generation++;
        List.copyOf(connections).forEach(PooledConnection::retire);
        owner.dropIfUnused(this);
    }

    /** Retires what is past its time; returns the nanoseconds until the next one may be. */
    long sweep(long nowNanos) {
        LimitsPlan limits = cluster().plan().limits();
        long next = Long.MAX_VALUE;
        for (PooledConnection connection : List.copyOf(connections)) {
            long remaining = connection.remainingNanos(limits, nowNanos);
            if (remaining <= 0) {
                connection.expire(limits, nowNanos);
                remaining = connection.isTested() ? connection.remainingNanos(limits, nowNanos) : Long.MAX_VALUE;
            } else if (connection.isIdle() && (connection.ready || connection.isTested())) {
                handOver(connection);
            }
            next = Math.min(next, remaining);
        }
        return next;
    }
}
