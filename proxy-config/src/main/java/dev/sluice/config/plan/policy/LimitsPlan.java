package dev.sluice.config.plan.policy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Connection pool settings of a cluster (spec/istio-fields.md §2.5); counts are {@link Integer#MAX_VALUE} when
 * unlimited.
 *
 * @param maxConnections connections of the whole cluster
 * @param connectTimeout until the connection is usable
 * @param keepAlive null leaves SO_KEEPALIVE off
 * @param maxConnectionDuration null is none
 * @param idleTimeout of a connection without a request; null never closes it
 * @param maxPendingRequests requests that wait for a connection
 * @param maxRequests requests in flight
 * @param maxRequestsPerConnection 0 is unlimited
 * @param maxRetries retries in flight
 * @param maxConcurrentStreams per HTTP/2 connection
 * @param pings on HTTP/2 connections; null for none
 * @param retryBudget null when unset; replaces maxRetries
 * @param maxConnectionsPerEndpoint {@code sluice.dev/max-connections-per-endpoint}
 * @param maxRequestsPerEndpoint {@code sluice.dev/max-requests-per-endpoint}
 * @param pendingDeadline {@code sluice.dev/pending-deadline}; null is none
 */
public record LimitsPlan(
        int maxConnections,
        Duration connectTimeout,
        @Nullable KeepAlivePlan keepAlive,
        @Nullable Duration maxConnectionDuration,
        @Nullable Duration idleTimeout,
        int maxPendingRequests,
        int maxRequests,
        int maxRequestsPerConnection,
        int maxRetries,
        int maxConcurrentStreams,
        @Nullable PingPlan pings,
        @Nullable RetryBudgetPlan retryBudget,
        int maxConnectionsPerEndpoint,
        int maxRequestsPerEndpoint,
        @Nullable Duration pendingDeadline) {
    /** Istio's defaults. */
    public static final LimitsPlan DEFAULT = new LimitsPlan(
            Integer.MAX_VALUE,
            Duration.ofSeconds(10),
            null,
            null,
            Duration.ofHours(1),
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            0,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            null,
            null,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            null);

    /** TCP keepalive; null members are left to the operating system. */
    public record KeepAlivePlan(@Nullable Integer probes, @Nullable Duration time, @Nullable Duration interval) {}

    /**
     * How an upstream is asked whether it is still there.
     *
     * @param interval between its answer and the next question
     * @param timeout a connection on which nothing came for so long after a question is closed
     */
    public record PingPlan(Duration interval, Duration timeout) {}

    /**
     * Retry budget.
     *
     * @param percent of active and pending requests
     * @param minRetryConcurrency always allowed
     */
    public record RetryBudgetPlan(double percent, int minRetryConcurrency) {}
}
