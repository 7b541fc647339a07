package dev.sluice.config.plan.policy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Timeouts of a route.
 *
 * @param route from the end of the request to the end of the response, over all tries; null is none
 * @param streamIdle how long neither the request nor the response may move ({@code sluice.dev/stream-idle-timeout}); zero is
 *     for as long as they like, null what the settings of the proxy say
 */
public record TimeoutPlan(@Nullable Duration route, @Nullable Duration streamIdle) {
    /** Istio's default: no timeout. */
    public static final TimeoutPlan NONE = new TimeoutPlan(null, null);
}
