package dev.sluice.config.plan;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Route timeout: from the end of the request to the end of the response, over all tries.
 *
 * @param route null is none
 */
public record TimeoutPlan(@Nullable Duration route) {
    /** Istio's default: no timeout. */
    public static final TimeoutPlan NONE = new TimeoutPlan(null);
}
