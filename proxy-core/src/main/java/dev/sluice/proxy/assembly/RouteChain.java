package dev.sluice.proxy.assembly;

import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.RouteActionPlan.Forward;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.policy.CorsPlan;
import dev.sluice.config.plan.policy.FaultPlan;
import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.policy.cors.CorsStage;
import dev.sluice.proxy.policy.fault.AttemptFaultStage;
import dev.sluice.proxy.policy.fault.FaultAbort;
import dev.sluice.proxy.policy.fault.RequestFaultStage;
import dev.sluice.proxy.policy.headers.HeadersStage;
import dev.sluice.proxy.policy.headers.ResponseHeadersStage;
import dev.sluice.proxy.policy.mirror.MirrorStage;
import dev.sluice.proxy.policy.retry.RetryBridge;
import dev.sluice.proxy.policy.retry.ToDestination;
import dev.sluice.proxy.policy.timeout.AttemptTimeoutStage;
import dev.sluice.proxy.policy.timeout.RouteTimeoutStage;
import dev.sluice.proxy.policy.timeout.StreamIdleStage;
import dev.sluice.proxy.policy.timeout.TimeLeftStage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The one place that fixes the order of stages. Read {@link #routeStages} and {@link #attemptStages} from top to bottom: a
 * request runs them in that order. What a route does not set is not in its chain.
 */
final class RouteChain {
    private RouteChain() {}

    /** Stages of a forwarding route; {@code mirrors} are those of its mirrors that have a cluster. */
    static RouteStage forward(RoutePlan route, Forward action, List<MirrorStage.Target> mirrors) {
        Links<RouteStage> chain = new Links<>();
        routeStages(route, action, mirrors, chain);
        return chain.endingIn(new RetryBridge(action.retry(), action.replayLimitBytes(), attempts(action)));
    }

    private static void routeStages(
            RoutePlan route, Forward action, List<MirrorStage.Target> mirrors, Links<RouteStage> chain) {
        Duration streamIdle = action.timeout().streamIdle();
        if (streamIdle != null) {
            chain.add(next -> new StreamIdleStage(streamIdle, next));
        }
        FaultPlan fault = action.fault();
        if (fault != null && fault.scope() == FaultPlan.Scope.REQUEST) {
            // Ahead of CORS and mirrors as in Istio, and of the timeout: its delay is none of the upstream's time.
            RouteStage abort = editingResponses(route, action, new FaultAbort(fault));
            chain.add(next -> new RequestFaultStage(fault, abort, next));
        }
        CorsPlan cors = action.cors();
        if (cors != null) {
            chain.add(next -> new CorsStage(cors, next));
        }
        chain.add(next -> editingResponses(route, action, next));
        if (HeadersStage.isNeeded(route, action)) {
            chain.add(next -> new HeadersStage(route, action, next));
        }
        if (!mirrors.isEmpty()) {
            chain.add(next -> new MirrorStage(route, action, mirrors, next));
        }
        chain.add(next -> new RouteTimeoutStage(action.timeout().route(), next));
    }

    private static RouteStage editingResponses(RoutePlan route, Forward action, RouteStage next) {
        return ResponseHeadersStage.isNeeded(route, action) ? new ResponseHeadersStage(route, action, next) : next;
    }

    /**
     * One try at a shadow cluster, without any policy. Nothing of a body is kept for another: copies that are never answered
     * would hold all the memory that replays of the requests themselves need.
     */
    static RouteStage shadow() {
        return new RetryBridge(RetryPlan.OFF, 0, ToDestination.INSTANCE);
    }

    /** One try at a host that nobody declared; what the request itself asks for holds there too. */
    static RouteStage passThrough(int replayLimitBytes) {
        AttemptStage attempts = new TimeLeftStage(null, ToDestination.INSTANCE);
        return new RouteTimeoutStage(null, new RetryBridge(RetryPlan.OFF, replayLimitBytes, attempts));
    }

    private static AttemptStage attempts(RouteActionPlan.Forward action) {
        Links<AttemptStage> chain = new Links<>();
        attemptStages(action, chain);
        return chain.endingIn(ToDestination.INSTANCE);
    }

    private static void attemptStages(Forward action, Links<AttemptStage> chain) {
        Duration perTry = perTry(action);
        if (perTry != null) {
            chain.add(next -> new AttemptTimeoutStage(perTry, next));
        }
        chain.add(next -> new TimeLeftStage(perTry, next));
        FaultPlan fault = action.fault();
        if (fault != null && fault.scope() == FaultPlan.Scope.ATTEMPT) {
            chain.add(next -> new AttemptFaultStage(fault, next));
        }
    }

    /** A try's time has no effect where the whole request has no more (spec/istio-fields.md §1.7). */
    private static @Nullable Duration perTry(Forward action) {
        Duration perTry = action.retry().perTryTimeout();
        Duration route = action.timeout().route();
        return perTry == null || (route != null && perTry.compareTo(route) >= 0) ? null : perTry;
    }

    /** Collects links top-down and joins them bottom-up, so that code can be read in the order of a request. */
    private static final class Links<S> {
        private final List<UnaryOperator<S>> links = new ArrayList<>();

        void add(UnaryOperator<S> link) {
            links.add(link);
        }

        S endingIn(S last) {
            S first = last;
            for (int i = links.size() - 1; i >= 0; i--) {
                first = links.get(i).apply(first);
            }
            return first;
        }
    }
}
