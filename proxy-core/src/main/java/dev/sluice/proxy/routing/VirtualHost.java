package dev.sluice.proxy.routing;

import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.VirtualHostPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes of a set of domains with their index. Immutable. */
public final class VirtualHost {
    private final VirtualHostPlan plan;
    private final Route[] routes;
    private final RouteIndex index;

    /** @param routes in the plan's order */
    public VirtualHost(VirtualHostPlan plan, List<Route> routes) {
        this.plan = plan;
        this.routes = routes.toArray(new Route[0]);
        this.index = new RouteIndex(this.routes);
    }

    /** What was configured. */
    public VirtualHostPlan plan() {
        return plan;
    }

    /** Its routes in order. */
    public List<Route> routes() {
        return List.of(routes);
    }

    @Nullable
    Route find(RequestFacts request) {
        int found = index.find(request);
        return found < 0 ? null : routes[found];
    }

    /** Tries every rule in order by the same matchers that {@link #find} uses. */
    @Nullable
    Route find(RequestFacts request, MatchRecorder recorder) {
        for (Route route : routes) {
            ConditionPlan failed = route.matcher().firstFailure(request);
            recorder.tried(route.plan(), failed);
            if (failed == null) {
                return route;
            }
        }
        return null;
    }
}
