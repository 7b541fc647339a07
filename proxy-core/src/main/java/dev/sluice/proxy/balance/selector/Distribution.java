package dev.sluice.proxy.balance.selector;

import dev.sluice.config.plan.policy.BalancePlan.DistributePlan;
import dev.sluice.config.plan.policy.BalancePlan.LocalityPlan;
import org.jspecify.annotations.Nullable;

/** Which entry of {@code distribute} is a proxy's (spec/istio-fields.md §2.4). Pure. */
public final class Distribution {
    private Distribution() {}

    /** The first entry of {@code plan} that holds for the proxy's own place; null where it weighs nothing. */
    public static @Nullable DistributePlan of(LocalityPlan plan) {
        for (DistributePlan entry : plan.distribute()) {
            if (Locality.matches(entry.from(), plan.own())) {
                return entry;
            }
        }
        return null;
    }
}
