package dev.sluice.proxy.routing;

import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.VirtualHostPlan;
import org.jspecify.annotations.Nullable;

/** Watches the router decide, for {@code explain}. */
public interface MatchRecorder {
    /** The virtual host that was chosen. */
    void virtualHost(VirtualHostPlan host);

    /**
     * A rule was tried.
     *
     * @param failed its first condition that did not hold; null when it took the request
     */
    void tried(RoutePlan rule, @Nullable ConditionPlan failed);
}
