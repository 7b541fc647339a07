package dev.sluice.proxy.routing;

import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.proxy.stream.RequestHead;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes of a set of domains with their index. Immutable. */
public final class VirtualHost {
    private final VirtualHostPlan plan;
    private final Route[] routes;
    private final RouteMatcher[] matchers;
    /** Null where there are so few that they are tried one by one. */
    private final @Nullable RouteIndex index;

    /** What virtual hosts of one snapshot share: rules that look for the same thing, in whichever of them. One thread. */
    public static final class Shared {
        private final RouteMatcher.Compiler compiler = new RouteMatcher.Compiler();
    }

    /** @param routes in the plan's order */
    public VirtualHost(VirtualHostPlan plan, List<Route> routes) {
        this(plan, routes, new Shared());
    }

    /**
     * As above.
     *
     * @param shared with other virtual hosts
     */
    public VirtualHost(VirtualHostPlan plan, List<Route> routes, Shared shared) {
        this.plan = plan;
        this.routes = routes.toArray(new Route[0]);
        this.matchers = new RouteMatcher[this.routes.length];
        for (int i = 0; i < matchers.length; i++) {
            matchers[i] = shared.compiler.compile(this.routes[i].plan().match());
        }
        this.index = RouteIndex.isWorthwhile(matchers.length) ? new RouteIndex(matchers) : null;
    }

    /** What was configured. */
    public VirtualHostPlan plan() {
        return plan;
    }

    /** Its routes in order. */
    public List<Route> routes() {
        return Collections.unmodifiableList(Arrays.asList(routes));
    }

    @Nullable
    Route find(RequestHead head, int pathEnd) {
        int found = indexed(head, pathEnd);
        return found < 0 ? null : routes[found];
    }

    private int indexed(RequestHead head, int pathEnd) {
        return index == null ? RouteIndex.scan(matchers, head, pathEnd) : index.find(head, pathEnd);
    }

    /**
     * Tries every rule in order, by the matchers that the index checks its candidates with.
     *
     * @throws IllegalStateException when the index says otherwise
     */
    @Nullable
    Route find(RequestHead head, int pathEnd, MatchRecorder recorder) {
        int found = -1;
        for (int i = 0; i < routes.length && found < 0; i++) {
            ConditionPlan failed = matchers[i].firstFailure(head, pathEnd);
            recorder.tried(routes[i].plan(), failed);
            found = failed == null ? i : -1;
        }
        int indexed = indexed(head, pathEnd);
        if (indexed != found) {
            throw new IllegalStateException("virtual host " + plan.name() + ": the index takes rule " + indexed
                    + " for " + head + ", a scan takes rule " + found);
        }
        return found < 0 ? null : routes[found];
    }
}
