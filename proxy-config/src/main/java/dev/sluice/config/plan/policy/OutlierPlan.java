package dev.sluice.config.plan.policy;

import java.time.Duration;
import java.util.List;

/**
 * Outlier detection (spec/istio-fields.md §2.6, §12.6); a threshold of 0 is off.
 *
 * @param consecutive5xx threshold
 * @param consecutiveGatewayErrors threshold
 * @param splitLocalOrigin local origin errors feed their own counter
 * @param consecutiveLocalOriginFailures threshold, only with splitLocalOrigin
 * @param interval of the sweep
 * @param baseEjectionTime multiplied by the number of ejections
 * @param maxEjectionPercent of all endpoints
 * @param minHealthPercent panic threshold; 0 is never
 * @param errorCodes replace 5xx as the definition of an error; empty means 5xx
 * @param halfOpenPercent {@code sluice.dev/half-open}; 0 is off
 */
public record OutlierPlan(
        int consecutive5xx,
        int consecutiveGatewayErrors,
        boolean splitLocalOrigin,
        int consecutiveLocalOriginFailures,
        Duration interval,
        Duration baseEjectionTime,
        int maxEjectionPercent,
        int minHealthPercent,
        List<Integer> errorCodes,
        int halfOpenPercent) {
    public OutlierPlan {
        errorCodes = List.copyOf(errorCodes);
    }
}
