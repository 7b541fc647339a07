package dev.sluice.config.plan.policy;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Retry policy (spec/istio-fields.md §1.7).
 *
 * @param attempts further tries after the first; 0 is off
 * @param perTryTimeout null is none
 * @param retryOn tokens of the vocabulary
 * @param statusCodes retriable status codes, from numbers in retryOn
 * @param retryRemoteLocalities also tries other priorities
 * @param ignorePreviousHosts picks an endpoint that this request has not tried
 * @param baseInterval back-off base; the cap is ten times as much
 * @param isDefault the route set no retries: non-idempotent requests are retried only where they were provably not
 *     processed
 */
public record RetryPlan(
        int attempts,
        @Nullable Duration perTryTimeout,
        Set<RetryOn> retryOn,
        List<Integer> statusCodes,
        boolean retryRemoteLocalities,
        boolean ignorePreviousHosts,
        Duration baseInterval,
        boolean isDefault) {
    /** Back-off base where the route sets none. */
    public static final Duration DEFAULT_BASE_INTERVAL = Duration.ofMillis(25);

    /** What holds where a route sets no retries. */
    public static final RetryPlan DEFAULT = new RetryPlan(
            2,
            null,
            Set.of(
                    RetryOn.CONNECT_FAILURE,
                    RetryOn.REFUSED_STREAM,
                    RetryOn.UNAVAILABLE,
                    RetryOn.CANCELLED,
                    RetryOn.RETRIABLE_STATUS_CODES),
            List.of(),
            false,
            true,
            DEFAULT_BASE_INTERVAL,
            true);

    /** No retries at all. */
    public static final RetryPlan OFF =
            new RetryPlan(0, null, Set.of(), List.of(), false, true, DEFAULT_BASE_INTERVAL, false);

    /** No retries either, of a route with one hashed destination: those that a request asks for stay with its endpoint. */
    public static final RetryPlan OFF_WITH_KEY =
            new RetryPlan(0, null, Set.of(), List.of(), false, false, DEFAULT_BASE_INTERVAL, false);

    public RetryPlan {
        retryOn = Set.copyOf(retryOn);
        statusCodes = List.copyOf(statusCodes);
    }

    /** Written out: what the compiler makes is linked at run time, which every start would pay for. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof RetryPlan plan
                        && attempts == plan.attempts
                        && retryRemoteLocalities == plan.retryRemoteLocalities
                        && ignorePreviousHosts == plan.ignorePreviousHosts
                        && isDefault == plan.isDefault
                        && Objects.equals(perTryTimeout, plan.perTryTimeout)
                        && retryOn.equals(plan.retryOn)
                        && statusCodes.equals(plan.statusCodes)
                        && baseInterval.equals(plan.baseInterval));
    }

    @Override
    public int hashCode() {
        int hash = 31 * attempts + Objects.hashCode(perTryTimeout);
        hash = 31 * (31 * hash + retryOn.hashCode()) + statusCodes.hashCode();
        hash = 31 * hash + (retryRemoteLocalities ? 1 : 0) + (ignorePreviousHosts ? 2 : 0) + (isDefault ? 4 : 0);
        return 31 * hash + baseInterval.hashCode();
    }

    /** Vocabulary of {@code retryOn}; {@link #token()} is the spelling. */
    public enum RetryOn {
        FIVE_XX("5xx"),
        GATEWAY_ERROR("gateway-error"),
        RESET("reset"),
        RESET_BEFORE_REQUEST("reset-before-request"),
        CONNECT_FAILURE("connect-failure"),
        REFUSED_STREAM("refused-stream"),
        RETRIABLE_4XX("retriable-4xx"),
        RETRIABLE_STATUS_CODES("retriable-status-codes"),
        RETRIABLE_HEADERS("retriable-headers"),
        ENVOY_RATELIMITED("envoy-ratelimited"),
        HTTP3_POST_CONNECT_FAILURE("http3-post-connect-failure"),
        CANCELLED("cancelled"),
        DEADLINE_EXCEEDED("deadline-exceeded"),
        INTERNAL("internal"),
        RESOURCE_EXHAUSTED("resource-exhausted"),
        UNAVAILABLE("unavailable");

        private final String token;

        RetryOn(String token) {
            this.token = token;
        }

        /** As written in {@code retryOn}. */
        public String token() {
            return token;
        }
    }
}
