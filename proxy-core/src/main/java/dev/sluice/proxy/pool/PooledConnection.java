package dev.sluice.proxy.pool;

import dev.sluice.config.plan.LimitsPlan;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection with what the pool remembers of it. Event loop of the connection. */
final class PooledConnection implements ClientConnection.Listener {
    private final EndpointPool pool;
    private final ClientConnection connection;
    private final long createdNanos;
    private final boolean outdated;
    private long idleSinceNanos;
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
        if (retired) {
            return 0;
        }
        return Math.min(connection.openableStreams(), limits.maxConcurrentStreams() - connection.activeStreams());
    }

    boolean isIdle() {
        return connection.activeStreams() == 0;
    }

    /** Whether nothing but waiters that are there already may use it. */
    boolean isUnwanted() {
        return outdated || pool.isClosing();
    }

    /** Nanoseconds until it has outlived what the settings allow, as far as can be told now; at most 0 when it has. */
    long remainingNanos(LimitsPlan limits, long nowNanos) {
        long age = remaining(limits.maxConnectionDuration(), createdNanos, nowNanos);
        return isIdle() ? Math.min(age, remaining(limits.idleTimeout(), idleSinceNanos, nowNanos)) : age;
    }

    private static long remaining(@Nullable Duration allowed, long sinceNanos, long nowNanos) {
        long nanos = LoopPool.nanos(allowed);
        return nanos == Long.MAX_VALUE ? nanos : nanos - (nowNanos - sinceNanos);
    }

    void open(Attempt attempt) {
        opened++;
        int most = pool.cluster().plan().limits().maxRequestsPerConnection();
        ClientStream stream = connection.open(attempt);
        // Before the request is begun: that may end it, and then the connection must not be given to the next one.
        if (isUnwanted() || (most > 0 && opened >= most)) {
            retire();
        }
        pool.opened(this);
        attempt.begin(stream);
    }

    /** Takes no further streams; closes when the last one is done. */
    void retire() {
        if (!retired) {
            retired = true;
            pool.unready(this);
            connection.drain();
        }
    }

    @Override
    public void onStreamsAvailable(ClientConnection same) {
        idleSinceNanos = pool.nowNanos();
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
        retired = true;
        pool.closed(this);
    }
}
