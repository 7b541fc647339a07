package dev.sluice.proxy.explain;

import dev.sluice.config.plan.BalancePlan.LocalityPlan;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.proxy.explain.Explanation.DestinationView;
import dev.sluice.proxy.explain.Explanation.Outcome;
import dev.sluice.proxy.explain.Explanation.Policies;
import dev.sluice.proxy.explain.Explanation.Tried;
import dev.sluice.proxy.routing.MatchRecorder;
import dev.sluice.proxy.routing.Route;
import dev.sluice.proxy.routing.Router;
import dev.sluice.proxy.routing.Routing;
import dev.sluice.proxy.routing.Unrouted;
import dev.sluice.proxy.stream.RequestHead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Asks a listener's router about a request and puts its answer into words. */
public final class Explainer {
    private final ProxyPlan plan;
    private final RequestPreview preview;

    /** @param preview what the upstream would see of a routed request */
    public Explainer(ProxyPlan plan, RequestPreview preview) {
        this.plan = plan;
        this.preview = preview;
    }

    /** Edits a request as the route's stages would. */
    @FunctionalInterface
    public interface RequestPreview {
        /** Edits {@code request} in place for {@code destination} of {@code route}. */
        void apply(RequestHead request, RoutePlan route, DestinationPlan destination);
    }

    /** Explains {@code request}, which is edited on the way. */
    public Explanation explain(ListenerPlan listener, Router router, RequestHead request) {
        Recorder recorder = new Recorder();
        Routing routing = router.route(request, recorder);
        if (routing instanceof Route route) {
            return routed(listener, route.plan(), request, recorder);
        }
        return unrouted(listener, router, (Unrouted) routing, request, recorder);
    }

    private Explanation routed(ListenerPlan listener, RoutePlan route, RequestHead request, Recorder recorder) {
        RouteActionPlan action = route.action();
        if (action instanceof RouteActionPlan.Forward forward) {
            // The key is read before anything is edited, as in a request that is served.
            Affinity affinity = Affinity.of(plan, listener, forward.destinations(), request);
            DestinationPlan own = affinity == null ? null : affinity.destination();
            preview.apply(request, route, own == null ? forward.destinations().get(0) : own);
            Policies policies = new Policies(
                    forward.timeout().route(),
                    streamIdle(forward),
                    forward.retry(),
                    forward.fault(),
                    forward.mirrors(),
                    affinity);
            return recorder.explanation(
                    listener, Outcome.ROUTE, 0, route, "forwarded", destinations(forward), request, policies);
        }
        if (action instanceof RouteActionPlan.Redirect redirect) {
            return recorder.explanation(
                    listener,
                    Outcome.REDIRECT,
                    redirect.status(),
                    route,
                    "answered by a redirect",
                    List.of(),
                    request,
                    null);
        }
        if (action instanceof RouteActionPlan.DirectResponse direct) {
            return recorder.explanation(
                    listener, Outcome.DIRECT, direct.status(), route, "answered directly", List.of(), request, null);
        }
        String reason = action instanceof RouteActionPlan.Dead dead ? dead.reason() : "the route has no action";
        return recorder.explanation(listener, Outcome.NONE, 404, route, reason, List.of(), request, null);
    }

    private @Nullable Duration streamIdle(RouteActionPlan.Forward forward) {
        Duration own = forward.timeout().streamIdle();
        Duration idle = own == null ? plan.settings().idle().stream() : own;
        return idle == null || idle.isZero() ? null : idle;
    }

    private Explanation unrouted(
            ListenerPlan listener, Router router, Unrouted why, RequestHead request, Recorder recorder) {
        return switch (why) {
            case BAD_PATH ->
                recorder.explanation(
                        listener, Outcome.NONE, 400, null, "the path cannot be normalised", List.of(), request, null);
            case NO_ROUTE ->
                recorder.explanation(
                        listener,
                        Outcome.NONE,
                        404,
                        null,
                        "a virtual host takes this host, none of its rules takes the request",
                        List.of(),
                        request,
                        null);
            case HTTPS_REDIRECT ->
                recorder.explanation(
                        listener, Outcome.REDIRECT, 301, null, "httpsRedirect of the server", List.of(), request, null);
            case NO_VIRTUAL_HOST ->
                switch (router.unknownHost()) {
                    case NOT_FOUND ->
                        recorder.explanation(
                                listener,
                                Outcome.NONE,
                                404,
                                null,
                                "no virtual host takes this host",
                                List.of(),
                                request,
                                null);
                    case BLACK_HOLE ->
                        recorder.explanation(
                                listener,
                                Outcome.NONE,
                                502,
                                null,
                                "the host is unknown and outboundTrafficPolicy is REGISTRY_ONLY",
                                List.of(),
                                request,
                                null);
                    case PASS_THROUGH ->
                        recorder.explanation(
                                listener,
                                Outcome.PASSTHROUGH,
                                0,
                                null,
                                "the host is unknown and outboundTrafficPolicy is ALLOW_ANY",
                                List.of(),
                                request,
                                null);
                };
        };
    }

    private List<DestinationView> destinations(RouteActionPlan.Forward forward) {
        double total = forward.destinations().stream()
                .mapToDouble(DestinationPlan::weight)
                .sum();
        List<DestinationView> views = new ArrayList<>();
        for (DestinationPlan destination : forward.destinations()) {
            ClusterPlan cluster = plan.clusters().get(destination.cluster());
            views.add(new DestinationView(
                    destination.cluster().host(),
                    destination.cluster().subset(),
                    destination.cluster().port(),
                    100.0 * destination.weight() / total,
                    cluster == null
                            ? List.of()
                            : cluster.endpoints().stream()
                                    .map(endpoint -> endpoint.hostPort())
                                    .toList(),
                    cluster == null
                            ? "none"
                            : cluster.balance().algorithm().name().toLowerCase(Locale.ROOT),
                    cluster == null ? null : locality(cluster.balance().locality()),
                    cluster == null ? null : Protection.limits(cluster.limits()),
                    cluster == null ? null : Protection.outlier(cluster.outlier()),
                    problem(cluster)));
        }
        return views;
    }

    private static @Nullable String locality(@Nullable LocalityPlan locality) {
        if (locality == null) {
            return null;
        }
        String from = locality.own().isEmpty() ? "an unknown place" : locality.own();
        if (!locality.distribute().isEmpty()) {
            return "distribute from " + from;
        }
        String labels = locality.failoverPriority().isEmpty() ? "" : " by " + locality.failoverPriority();
        return "failover from " + from + labels;
    }

    private static @Nullable String problem(@Nullable ClusterPlan cluster) {
        if (cluster == null) {
            return "503 NO_CLUSTER: no such host, port or subset";
        }
        if (cluster.refusal() != null) {
            return "503 NOT_SERVED: " + cluster.refusal();
        }
        boolean listed = cluster.discovery() == ClusterPlan.Discovery.STATIC;
        return listed && cluster.endpoints().isEmpty() ? "503 NO_HEALTHY_UPSTREAM: it has no endpoint" : null;
    }

    /** Collects what the router reports. */
    private static final class Recorder implements MatchRecorder {
        private final List<Tried> tried = new ArrayList<>();
        private @Nullable VirtualHostPlan host;

        @Override
        public void virtualHost(VirtualHostPlan chosen) {
            this.host = chosen;
        }

        @Override
        public void tried(RoutePlan rule, @Nullable ConditionPlan failed) {
            tried.add(new Tried(rule.rule(), failed));
        }

        Explanation explanation(
                ListenerPlan listener,
                Outcome outcome,
                int status,
                @Nullable RoutePlan route,
                String reason,
                List<DestinationView> destinations,
                RequestHead request,
                @Nullable Policies policies) {
            return new Explanation(
                    outcome,
                    status,
                    listener.name(),
                    host == null ? null : host.name(),
                    route == null ? null : route.rule(),
                    reason,
                    destinations,
                    request,
                    policies,
                    tried,
                    host == null ? List.of() : host.skipped());
        }
    }
}
