package dev.sluice.config.translate.route;

import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.VirtualHostPlan.SkippedRulePlan;
import java.util.List;

/**
 * What a VirtualService comes to for one binding.
 *
 * @param routes in order; empty when every rule is filtered out, and then it is as if it did not exist there
 * @param skipped what was filtered out
 * @param delegates whether it hands on to others: only then may a route be in it twice
 */
public record TranslatedRoutes(List<RoutePlan> routes, List<SkippedRulePlan> skipped, boolean delegates) {
    public TranslatedRoutes {
        routes = List.copyOf(routes);
        skipped = List.copyOf(skipped);
    }
}
