package dev.sluice.config.plan;

import dev.sluice.config.plan.policy.TimeoutPlan;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long clients may be silent.
 *
 * @param connection a connection from a client without a request, zero for as long as it likes; null for the default of an
 *     hour
 * @param stream a request and its response on which nothing moves, positive; null for as long as they like. A route may say
 *     otherwise ({@link TimeoutPlan#streamIdle()})
 */
public record IdlePlan(@Nullable Duration connection, @Nullable Duration stream) {
    /** Istio's defaults. */
    public static final IdlePlan DEFAULTS = new IdlePlan(null, null);
}
