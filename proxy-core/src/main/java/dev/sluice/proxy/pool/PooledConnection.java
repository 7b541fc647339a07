package dev.sluice.proxy.pool;

import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.proxy.cluster.IdleLife;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptEnd;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ProxyError.RetryVerdict;

/** A connection with what the pool remembers of it. Event loop of the connection. */
final class PooledConnection implements ClientConnection.Listener, AttemptEnd {
    private final EndpointPool pool;
    private final ClientConnection connection;
    private final long createdNanos;
    private final boolean outdated;
    /** Since when it is idle; of a busy one since when it was before. */
    private long idleSinceNanos;
    /** How long it had been idle when it was taken last. */
    private long lastIdleNanos;
    /** No request is on it: as {@link #isIdle()}, but also known when it has just closed. */
    private boolean resting = true;
    /** Left open, unused, to see how long its server lets it. */
    private boolean tested;

    private long opened;
    private boolean retired;
    /** Stands in the pool's ready stack. */
    boolean ready;
    /** Is being closed for somebody in the permit queue. */
    boolean handedOver;

    /** @param outdated it was made by settings that are no longer in force */
    PooledConnection(EndpointPool pool, ClientConnection connection, long nowNanos, boolean outdated) {
        this.pool = pool;
        this.connection = connection;
        this.createdNanos = nowNanos;
        this.idleSinceNanos = nowNanos;
        this.outdated = outdated;
    }

    /** Streams that may be opened now. */
    int capacity(LimitsPlan limits) {
        if (retired || tested) {
            return 0;
        }
        return Math.min(connection.openableStreams(), limits.maxConcurrentStreams() - connection.activeStreams());
    }

    boolean isIdle() {
        return connection.activeStreams() == 0;
    }

    /** Whether it has carried no request yet. */
    boolean isNew() {
        return opened == 0;
    }

    /** Whether nothing but waiters that are there already may use it. */
    boolean isUnwanted() {
        return outdated || pool.isClosing();
    }

    /** Whether it stands unused, to be watched. */
    boolean isTested() {
        return tested && !retired;
    }

    boolean wasTested() {
        return tested;
    }

    /** Whether it has carried nothing since before {@code nanos}. */
    boolean isIdleSince(long nanos) {
        return resting && idleSinceNanos - nanos <= 0;
    }

    // ---- its time

    /** Nanoseconds until it has outlived its time, as far as can be told now; at most 0 when it has. */
    long remainingNanos(LimitsPlan limits, long nowNanos) {
        long settings = remainingBySettings(limits, nowNanos);
        if (!isIdle() || isNew()) {
            return settings;
        }
        IdleLife life = pool.endpoint().idleLife();
        long allowed = tested ? life.testNanos() : life.limitNanos();
        return Math.min(settings, remaining(allowed, idleSinceNanos, nowNanos));
    }

    private long remainingBySettings(LimitsPlan limits, long nowNanos) {
        long age = remaining(LoopPool.nanos(limits.maxConnectionDuration()), createdNanos, nowNanos);
        return isIdle() ? Math.min(age, remaining(pool.idleNanos(limits), idleSinceNanos, nowNanos)) : age;
    }

    private static long remaining(long allowed, long sinceNanos, long nowNanos) {
        return allowed == Long.MAX_VALUE ? allowed : allowed - (nowNanos - sinceNanos);
    }

    /** Its time is over: it closes, or stays to be watched where that may teach something. */
    void expire(LimitsPlan limits, long nowNanos) {
        if (retired) {
            return;
        }
        boolean byServersWays = remainingBySettings(limits, nowNanos) > 0;
        IdleLife life = pool.endpoint().idleLife();
        if (tested && byServersWays) {
            life.heldOpen(nowNanos - idleSinceNanos);
        } else if (byServersWays && !isUnwanted() && pool.mayKeepUnused() && life.tryTest(nowNanos)) {
            tested = true;
            pool.tested(this);
            return;
        }
        retire();
    }

    // ---- its requests

    void open(Attempt attempt) {
        opened++;
        lastIdleNanos = resting ? pool.nowNanos() - idleSinceNanos : 0;
        resting = false;
        int most = pool.cluster().plan().limits().maxRequestsPerConnection();
        ClientStream stream = connection.open(attempt);
        // Before the request is begun: that may end it, and then the connection must not be given to the next one.
        if (isUnwanted() || (most > 0 && opened >= most)) {
            retire();
        }
        pool.opened(this);
        attempt.onEnd(this);
        attempt.begin(stream);
    }

    /** Before the attempt's owner is told, so that a replay finds the pool without what is as stale as this one. */
    @Override
    public void attemptEnded(Attempt attempt) {
        ProxyError error = attempt.error();
        if (error != null && error.retry() == RetryVerdict.REUSED_CONNECTION) {
            pool.foundStale(this, idleSinceNanos, lastIdleNanos);
        }
    }

    /** Takes no further streams; closes when the last one is done. */
    void retire() {
        if (!retired) {
            retired = true;
            pool.unready(this);
            connection.drain();
        }
    }

    // ---- what becomes of it

    @Override
    public void onStreamsAvailable(ClientConnection same) {
        resting = isIdle();
        idleSinceNanos = pool.nowNanos();
        int seconds = connection.idleSeconds();
        if (seconds >= 0) {
            pool.endpoint().idleLife().told(seconds);
        }
        if (!retired) {
            pool.available(this);
        }
    }

    @Override
    public void onDraining(ClientConnection same) {
        retired = true;
        pool.unready(this);
    }

    @Override
    public void onClosed(ClientConnection same) {
        boolean byServer = resting && !retired && !isNew();
        retired = true;
        if (byServer) {
            pool.closedIdle(this, idleSinceNanos, pool.nowNanos() - idleSinceNanos);
        }
        pool.closed(this);
    }
}
