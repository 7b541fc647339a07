package dev.sluice.proxy.pool;

import dev.sluice.config.plan.LimitsPlan;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import java.time.Duration;

/** A connection with what the pool remembers of it. Event loop of the connection. */
final class PooledConnection implements ClientConnection.Listener {
    private final EndpointPool pool;
    private final ClientConnection connection;
    private final long createdNanos;
    private long idleSinceNanos;
    private long opened;
    private boolean retired;
    /** Stands in the pool's ready stack. */
    boolean ready;

    PooledConnection(EndpointPool pool, ClientConnection connection, long nowNanos) {
        this.pool = pool;
        this.connection = connection;
        this.createdNanos = nowNanos;
        this.idleSinceNanos = nowNanos;
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

    /** Whether it has outlived what the settings allow. */
    boolean isExpired(LimitsPlan limits, long nowNanos) {
        Duration maxAge = limits.maxConnectionDuration();
        if (maxAge != null && nowNanos - createdNanos >= maxAge.toNanos()) {
            return true;
        }
        Duration idle = limits.idleTimeout();
        return idle != null && isIdle() && nowNanos - idleSinceNanos >= idle.toNanos();
    }

    void open(Attempt attempt) {
        opened++;
        LimitsPlan limits = pool.cluster().plan().limits();
        ClientStream stream = connection.open(attempt);
        if (limits.maxRequestsPerConnection() > 0 && opened >= limits.maxRequestsPerConnection()) {
            retire();
        }
        pool.opened(this);
        attempt.begin(stream);
    }

    /** Takes no further streams; closes when the last one is done. */
    void retire() {
        if (!retired) {
            retired = true;
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
