package dev.sluice.proxy.explain;

import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.config.plan.policy.OutlierPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What keeps a destination from being given too much, in words: its limits, and whom it ejects. Pure. */
final class Protection {
    private static final int UNLIMITED = Integer.MAX_VALUE;

    private Protection() {}

    /** Limits that are set, by their names in a DestinationRule; null where none is. */
    static @Nullable String limits(LimitsPlan plan) {
        List<String> words = new ArrayList<>();
        limit(words, "maxConnections", plan.maxConnections());
        limit(words, "http1MaxPendingRequests", plan.maxPendingRequests());
        limit(words, "http2MaxRequests", plan.maxRequests());
        limit(words, "maxRequestsPerConnection", plan.maxRequestsPerConnection());
        limit(words, "maxConcurrentStreams", plan.maxConcurrentStreams());
        LimitsPlan.RetryBudgetPlan budget = plan.retryBudget();
        if (budget == null) {
            limit(words, "maxRetries", plan.maxRetries());
        } else {
            words.add("retryBudget " + budget.percent() + " %, at least " + budget.minRetryConcurrency());
        }
        limit(words, "max-connections-per-endpoint", plan.maxConnectionsPerEndpoint());
        limit(words, "max-requests-per-endpoint", plan.maxRequestsPerEndpoint());
        Duration deadline = plan.pendingDeadline();
        if (deadline != null) {
            words.add("pending-deadline " + deadline.toMillis() + " ms");
        }
        return words.isEmpty() ? null : String.join(", ", words);
    }

    private static void limit(List<String> words, String name, int limit) {
        if (limit != UNLIMITED && limit != 0) {
            words.add(name + " " + limit);
        }
    }

    /** When an endpoint is ejected; null where none ever is. */
    static @Nullable String outlier(@Nullable OutlierPlan plan) {
        if (plan == null) {
            return null;
        }
        List<String> words = new ArrayList<>();
        limit(words, "consecutive5xxErrors", plan.consecutive5xx());
        limit(words, "consecutiveGatewayErrors", plan.consecutiveGatewayErrors());
        if (plan.splitLocalOrigin()) {
            limit(words, "consecutiveLocalOriginFailures", plan.consecutiveLocalOriginFailures());
        }
        if (words.isEmpty()) {
            return null;
        }
        return "after " + String.join(" or ", words) + ", for "
                + plan.baseEjectionTime().toMillis() + " ms and more, up to " + plan.maxEjectionPercent()
                + " % of the endpoints";
    }
}
