package dev.sluice.proxy.policy.headers;

import dev.sluice.config.plan.policy.HeaderPlan.Operations;

/**
 * Orders the operations of route and destination (spec/istio-fields.md §1.3 rule 1). A rule that is written with a single
 * destination has both levels in the route's list already. Pure.
 */
final class LevelledOperations {
    private static final HeaderOperations[] NONE = {};

    private LevelledOperations() {}

    /** What to run, in order: the destination's, as a whole, and then the route's. */
    static HeaderOperations[] compile(Operations route, Operations destination) {
        if (route.isEmpty() && destination.isEmpty()) {
            return NONE;
        }
        if (destination.isEmpty()) {
            return new HeaderOperations[] {new HeaderOperations(route)};
        }
        if (route.isEmpty()) {
            return new HeaderOperations[] {new HeaderOperations(destination)};
        }
        return new HeaderOperations[] {new HeaderOperations(destination), new HeaderOperations(route)};
    }
}
