package dev.sluice.proxy.cluster;

import java.util.concurrent.atomic.LongAdder;

/**
 * What happened to a cluster since it began to live: each only grows. None of it is counted for a request that meets no
 * limit and needs no second try.
 *
 * <p>Thread-safe, without locks.
 */
public final class ClusterCounters {
    private final LongAdder refusedRequests = new LongAdder();
    private final LongAdder refusedPending = new LongAdder();
    private final LongAdder refusedEndpoints = new LongAdder();
    private final LongAdder refusedConnections = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder refusedRetries = new LongAdder();
    private final LongAdder ejections = new LongAdder();

    ClusterCounters() {}

    /** A try was refused because http2MaxRequests is reached. */
    public void requestRefused() {
        refusedRequests.increment();
    }

    /** A try was refused because nobody more may wait for a connection, or it waited too long. */
    public void pendingRefused() {
        refusedPending.increment();
    }

    /** A try was refused because every endpoint that it may go to has as many requests as one may have. */
    public void endpointRefused() {
        refusedEndpoints.increment();
    }

    /** A connection that carries bytes was refused because maxConnections is reached. */
    public void connectionRefused() {
        refusedConnections.increment();
    }

    void retried(boolean allowed) {
        (allowed ? retries : refusedRetries).increment();
    }

    void ejected() {
        ejections.increment();
    }

    /** Tries refused by http2MaxRequests. */
    public long refusedRequests() {
        return refusedRequests.sum();
    }

    /** Tries refused by http1MaxPendingRequests or the pending deadline. */
    public long refusedPending() {
        return refusedPending.sum();
    }

    /** Tries refused by sluice.dev/max-requests-per-endpoint. */
    public long refusedEndpoints() {
        return refusedEndpoints.sum();
    }

    /** Connections that carry bytes refused by maxConnections or sluice.dev/max-connections-per-endpoint. */
    public long refusedConnections() {
        return refusedConnections.sum();
    }

    /** Retries that were let through; a replay after a lost keep-alive race is none. */
    public long retries() {
        return retries.sum();
    }

    /** Retries that maxRetries or the retry budget did not let through. */
    public long refusedRetries() {
        return refusedRetries.sum();
    }

    /** Times that an endpoint was ejected. */
    public long ejections() {
        return ejections.sum();
    }
}
