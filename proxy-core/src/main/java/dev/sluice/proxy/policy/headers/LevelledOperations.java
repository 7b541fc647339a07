package dev.sluice.proxy.policy.headers;

import dev.sluice.config.plan.policy.HeaderPlan.Operations;

/** Joins the operations of route and destination (spec/istio-fields.md §1.3 rule 1). Pure. */
final class LevelledOperations {
    private static final HeaderOperations[] NONE = {};

    private LevelledOperations() {}

    /** What to run, in order: one list for a single destination, else the destination's and then the route's. */
    static HeaderOperations[] compile(Operations route, Operations destination, boolean single) {
        if (route.isEmpty() && destination.isEmpty()) {
            return NONE;
        }
        if (single) {
            return new HeaderOperations[] {new HeaderOperations(route, destination)};
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
