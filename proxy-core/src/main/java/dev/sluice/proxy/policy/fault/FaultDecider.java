package dev.sluice.proxy.policy.fault;

import dev.sluice.config.plan.policy.FaultPlan;
import java.util.random.RandomGenerator;

/** Draws whether a fault strikes (spec/istio-fields.md §1.8); delay and abort are independent. Pure; immutable. */
final class FaultDecider {
    private static final int MILLION = 1_000_000;

    private final FaultPlan plan;

    FaultDecider(FaultPlan plan) {
        this.plan = plan;
    }

    /** Delay in nanoseconds; 0 for none. */
    long drawDelayNanos(RandomGenerator random) {
        return plan.delay() != null && random.nextInt(MILLION) < plan.delayPerMillion()
                ? plan.delay().toNanos()
                : 0;
    }

    /** Whether the request is aborted; drawn after the delay. */
    boolean drawAbort(RandomGenerator random) {
        return plan.abortPerMillion() > 0 && random.nextInt(MILLION) < plan.abortPerMillion();
    }
}
