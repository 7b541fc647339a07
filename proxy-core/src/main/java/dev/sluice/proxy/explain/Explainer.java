package dev.sluice.proxy.explain;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import dev.sluice.config.plan.chain.TcpRoutePlan.TcpDestination;
import dev.sluice.config.plan.policy.FaultPlan;
import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.proxy.exchange.Steering;
import dev.sluice.proxy.explain.Explanation.DestinationView;
import dev.sluice.proxy.explain.Explanation.Outcome;
import dev.sluice.proxy.explain.Explanation.Policies;
import dev.sluice.proxy.explain.Explanation.Tried;
import dev.sluice.proxy.listener.EdgeHeaders;
import dev.sluice.proxy.policy.cors.CorsStage;
import dev.sluice.proxy.policy.redirect.RedirectDecider;
import dev.sluice.proxy.policy.steering.SteeringStage;
import dev.sluice.proxy.routing.MatchRecorder;
import dev.sluice.proxy.routing.Route;
import dev.sluice.proxy.routing.Router;
import dev.sluice.proxy.routing.Routing;
import dev.sluice.proxy.routing.Unrouted;
import dev.sluice.proxy.stream.RequestHead;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Asks a listener's router about a request and puts its answer into words. */
final class Explainer {
    private final ProxyPlan plan;
    private final RequestPreview preview;
    private final Predicate<InetSocketAddress> closed;
    private final HiddenHosts hidden;
    private final DestinationViews views;

    /**
     * @param preview what the upstream would see of a routed request
     * @param closed whether an address is a port of the proxy's own, which takes no bytes
     */
    public Explainer(ProxyPlan plan, RequestPreview preview, Predicate<InetSocketAddress> closed) {
        this(plan, preview, closed, new HiddenHosts(plan));
    }

    private Explainer(ProxyPlan plan, RequestPreview preview, Predicate<InetSocketAddress> closed, HiddenHosts hidden) {
        this.plan = plan;
        this.closed = closed;
        this.preview = preview;
        this.hidden = hidden;
        this.views = new DestinationViews(plan, hidden);
    }

    /** The same for a connection that was redirected on its way to an address. */
    @SuppressWarnings("ReferenceEquality") // the very plan is given back where nothing changes
    Explainer dialled(InetSocketAddress address) {
        ProxyPlan left = DialledMembers.of(plan, address);
        return left == plan ? this : new Explainer(left, preview, closed, hidden);
    }

    /** Edits a request as the route's stages would. */
    @FunctionalInterface
    public interface RequestPreview {
        /**
         * Edits {@code request} in place for {@code destination} of {@code route}.
         *
         * @return false when the rewritten path cannot be sent, so that the request is refused
         */
        boolean apply(RequestHead request, RoutePlan route, DestinationPlan destination);
    }

    /** Explains {@code request}, which is edited on the way. */
    public Explanation explain(ListenerPlan listener, Router router, RequestHead request) {
        boolean edge = listener.kind() == ListenerPlan.Kind.GATEWAY;
        EdgeHeaders.preview(request, edge, !edge || plan.settings().topology().trustedProxies() > 0);
        Steering asked = SteeringStage.take(request.headers(), listener.kind().isFromApp());
        Recorder recorder = new Recorder();
        Routing routing = router.route(request, recorder);
        if (routing instanceof Route route) {
            return routed(listener, route.plan(), request, asked, recorder);
        }
        return recorder.explanation(
                listener, unrouted(router, (Unrouted) routing, request.authority()), null, request, Forwarding.NONE);
    }

    /**
     * Explains a connection that is carried as bytes, whatever it asks for.
     *
     * @param byName whether its TLS asks for a server that the route is for
     */
    Explanation carried(ListenerPlan listener, TcpRoutePlan route, Question question, boolean byName) {
        List<TcpDestination> to = route.destinations();
        boolean dialled = to.size() == 1 && to.get(0).cluster().equals(ClusterKey.PASSTHROUGH);
        String reason = to.isEmpty()
                ? listener.kind() == ListenerPlan.Kind.GATEWAY
                        ? byName
                                ? "no server of this port is for the name that the client's TLS asks for: it is closed"
                                : "no tcp rule is for this server: the connection is closed"
                        : undeclared(listener, question, " and outboundTrafficPolicy is REGISTRY_ONLY: it is closed")
                : dialled
                        ? undeclared(listener, question, ": it goes there")
                        : byName
                                ? "TLS goes by the server name that the client asks for, unopened"
                                : unopened(listener);
        double total = to.stream().mapToDouble(TcpDestination::weight).sum();
        return new Explanation(
                to.isEmpty() ? Outcome.NONE : dialled ? Outcome.PASSTHROUGH : Outcome.ROUTE,
                0,
                listener.name(),
                null,
                byName ? "tls" : "tcp",
                route.rule(),
                reason,
                dialled
                        ? List.of()
                        : to.stream()
                                .map(destination -> views.ofBytes(
                                        destination.cluster(), 100.0 * destination.weight() / total, closed))
                                .toList(),
                question.head(),
                null,
                List.of(),
                List.of());
    }

    private static String unopened(ListenerPlan listener) {
        return listener.traffic().detection() == null
                ? "the port is declared as one whose bytes are not looked into"
                : "the port's protocol is not declared: what is not HTTP in the clear is carried as it is";
    }

    /**
     * Why no service takes a connection.
     *
     * @param then what becomes of it
     */
    private String undeclared(ListenerPlan listener, Question question, String then) {
        InetSocketAddress dialled = question.dialled();
        if (dialled != null && isByName(listener, dialled)) {
            return "the service at what was dialled has tls rules, and none takes this" + then;
        }
        String why = dialled == null ? null : hidden.why(NetUtil.toAddressString(dialled.getAddress()));
        why = why == null ? hidden.why(AskedTable.host(question.authority())) : why;
        return why == null || listener.kind() != ListenerPlan.Kind.VIRTUAL_OUTBOUND
                ? "nobody declared what was dialled" + then
                : "what was dialled is hidden" + then + "; " + why;
    }

    /** Whether the server name decides there, so that another one, or none, is nobody's. */
    private static boolean isByName(ListenerPlan listener, InetSocketAddress dialled) {
        byte[] address = dialled.getAddress().getAddress();
        return listener.traffic().chains().stream()
                .map(ChainPlan::match)
                .anyMatch(match -> match.tls()
                        && match.destinationPort() == dialled.getPort()
                        && match.destinations().stream().anyMatch(range -> range.contains(address)));
    }

    private Explanation routed(
            ListenerPlan listener, RoutePlan route, RequestHead request, @Nullable Steering asked, Recorder recorder) {
        RouteActionPlan action = route.action();
        if (action instanceof RouteActionPlan.Forward forward) {
            if (forward.cors() != null && CorsStage.answers(forward.cors(), request)) {
                return preflight(listener, route, forward.fault(), request, recorder);
            }
            // The key is read before anything is edited, as in a request that is served.
            Affinity affinity = Affinity.of(plan, listener, forward.destinations(), request);
            DestinationPlan own = affinity == null ? null : affinity.destination();
            if (!preview.apply(
                    request, route, own == null ? forward.destinations().get(0) : own)) {
                return recorder.explanation(listener, Verdict.NO_PATH, route, request, Forwarding.NONE);
            }
            Policies policies = new Policies(
                    asked == null ? forward.timeout().route() : timeout(forward, asked),
                    streamIdle(forward),
                    asked == null ? forward.retry() : asked.over(forward.retry()),
                    forward.fault(),
                    forward.mirrors(),
                    affinity);
            Forwarding forwarding = new Forwarding(views.of(forward), policies);
            return recorder.explanation(listener, Verdict.FORWARDED, route, request, forwarding);
        }
        return recorder.explanation(listener, answer(action, request), route, request, Forwarding.NONE);
    }

    private static Verdict answer(RouteActionPlan action, RequestHead request) {
        if (action instanceof RouteActionPlan.Redirect redirect) {
            String location = new RedirectDecider(redirect)
                    .location(request, request.scheme().equals("https"));
            return new Verdict(Outcome.REDIRECT, redirect.status(), "answered by a redirect to " + location);
        }
        if (action instanceof RouteActionPlan.DirectResponse direct) {
            return new Verdict(Outcome.DIRECT, direct.status(), "answered directly");
        }
        String reason = action instanceof RouteActionPlan.Dead dead ? dead.reason() : "the route has no action";
        return new Verdict(Outcome.NONE, 404, reason);
    }

    /** A fault of the whole request comes before CORS; one of each try is for what is forwarded. */
    private static Explanation preflight(
            ListenerPlan listener, RoutePlan route, @Nullable FaultPlan fault, RequestHead request, Recorder recorder) {
        if (fault == null || fault.scope() != FaultPlan.Scope.REQUEST) {
            return recorder.explanation(listener, Verdict.PREFLIGHT, route, request, Forwarding.NONE);
        }
        Policies policies = new Policies(null, null, RetryPlan.OFF, fault, List.of(), null);
        return recorder.explanation(
                listener, Verdict.PREFLIGHT_AFTER_FAULT, route, request, new Forwarding(List.of(), policies));
    }

    private static @Nullable Duration timeout(RouteActionPlan.Forward forward, Steering asked) {
        Duration own = forward.timeout().route();
        long nanos = asked.timeoutOr(own == null ? 0 : own.toNanos());
        return nanos == 0 ? null : Duration.ofNanos(nanos);
    }

    private @Nullable Duration streamIdle(RouteActionPlan.Forward forward) {
        Duration own = forward.timeout().streamIdle();
        Duration idle = own == null ? plan.settings().idle().stream() : own;
        return idle == null || idle.isZero() ? null : idle;
    }

    private Verdict unrouted(Router router, Unrouted why, String authority) {
        return switch (why) {
            case BAD_PATH -> new Verdict(Outcome.NONE, 400, "the path cannot be normalised");
            case NO_ROUTE ->
                new Verdict(Outcome.NONE, 404, "a virtual host takes this host, none of its rules takes the request");
            case HTTPS_REDIRECT -> new Verdict(Outcome.REDIRECT, 301, "httpsRedirect of the server");
            case NO_VIRTUAL_HOST ->
                switch (router.unknownHost()) {
                    case NOT_FOUND -> new Verdict(Outcome.NONE, 404, "no virtual host takes this host");
                    case BLACK_HOLE -> new Verdict(Outcome.NONE, 502, unknown(authority, "REGISTRY_ONLY"));
                    case PASS_THROUGH -> new Verdict(Outcome.PASSTHROUGH, 0, unknown(authority, "ALLOW_ANY"));
                };
        };
    }

    private String unknown(String authority, String policy) {
        String why = hidden.why(AskedTable.host(authority));
        return why == null
                ? "the host is unknown and outboundTrafficPolicy is " + policy
                : "the host is hidden and outboundTrafficPolicy is " + policy + ": " + why;
    }

    /** What a request comes to, the status of an answer of the proxy's own, and one sentence. */
    private record Verdict(Outcome outcome, int status, String reason) {
        static final Verdict FORWARDED = new Verdict(Outcome.ROUTE, 0, "forwarded");
        static final Verdict PREFLIGHT =
                new Verdict(Outcome.DIRECT, 200, "a preflight, which the rule's corsPolicy answers");
        static final Verdict PREFLIGHT_AFTER_FAULT = new Verdict(
                Outcome.DIRECT,
                200,
                "a preflight, which the rule's corsPolicy answers where its fault does not abort it");
        static final Verdict NO_PATH = new Verdict(
                Outcome.NONE,
                500,
                "the path that the rule's rewrite gives does not begin with a slash or cannot be sent");
    }

    /** Where a request is forwarded to and under which policies. */
    private record Forwarding(List<DestinationView> destinations, @Nullable Policies policies) {
        static final Forwarding NONE = new Forwarding(List.of(), null);
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
                Verdict verdict,
                @Nullable RoutePlan route,
                RequestHead request,
                Forwarding forwarding) {
            return new Explanation(
                    verdict.outcome,
                    verdict.status,
                    listener.name(),
                    host == null ? null : host.name(),
                    Explanation.HTTP,
                    route == null ? null : route.rule(),
                    verdict.reason,
                    forwarding.destinations,
                    request,
                    forwarding.policies,
                    tried,
                    host == null ? List.of() : host.skipped());
        }
    }
}
