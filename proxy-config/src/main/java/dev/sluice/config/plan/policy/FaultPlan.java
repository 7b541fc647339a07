package dev.sluice.config.plan.policy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Fault injection (spec/istio-fields.md §1.8); shares are per million, truncated.
 *
 * @param scope once per request, or anew for each attempt
 * @param delayPerMillion 0 is never
 * @param delay null when no delay is configured
 * @param abortPerMillion 0 is never
 * @param abortHttpStatus 0 when the abort is a gRPC status
 * @param abortGrpcStatus -1 when the abort is an HTTP status
 */
public record FaultPlan(
        Scope scope,
        int delayPerMillion,
        @Nullable Duration delay,
        int abortPerMillion,
        int abortHttpStatus,
        int abortGrpcStatus) {
    /** Where the fault stands relative to the retry bridge. */
    public enum Scope {
        REQUEST,
        ATTEMPT
    }
}
