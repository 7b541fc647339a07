package dev.sluice.proxy.explain;

import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.Kind;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.plan.RouteActionPlan.Forward;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.policy.headers.FormatContext;
import dev.sluice.proxy.policy.headers.RequestEdits;
import dev.sluice.proxy.routing.Route;
import dev.sluice.proxy.routing.Router;
import dev.sluice.proxy.routing.VirtualHost;
import dev.sluice.proxy.snapshot.ListenerRuntime;
import dev.sluice.proxy.snapshot.RuntimeSnapshot;
import dev.sluice.proxy.stream.RequestHead;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Finds the listener that a question is about and answers it, over a plan that runs or one that does not. */
public final class Questions {
    private static final RouteStage NEVER_RUN = exchange -> {
        throw new IllegalStateException("an explained route is not run");
    };

    /** Of {@code ns/name}; the slash is no part of the order: {@code a/z} comes before {@code a-b/a}. */
    private static final Comparator<String> BY_NAMESPACE_AND_NAME = Comparator.comparing(
                    (String gateway) -> gateway.substring(0, Math.max(0, gateway.indexOf('/'))))
            .thenComparing(Comparator.naturalOrder());

    private final ProxyPlan plan;
    private final Explainer explainer;
    private final Function<ListenerPlan, Router> routers;

    /** Answers over {@code plan}. */
    public Questions(ProxyPlan plan) {
        this(plan, listener -> router(plan, listener));
    }

    private Questions(ProxyPlan plan, Function<ListenerPlan, Router> routers) {
        this.plan = plan;
        this.explainer = new Explainer(plan, Questions::preview);
        this.routers = routers;
    }

    /** Answers over a running configuration, by the routers that route its requests. */
    public static Questions of(RuntimeSnapshot running) {
        return new Questions(running.plan(), listener -> {
            ListenerRuntime runtime = running.listener(listener.bind());
            if (runtime == null) {
                throw new IllegalStateException("a plan's listener is not in its snapshot: " + listener.name());
            }
            return runtime.router();
        });
    }

    /**
     * Answers.
     *
     * @throws IllegalArgumentException when {@code from} names nothing of this configuration
     */
    public Explanation answer(Question question) {
        List<ListenerPlan> candidates = candidates(question);
        Explanation first = null;
        for (ListenerPlan listener : candidates) {
            Explanation answer = explainer.explain(listener, routers.apply(listener), question.head());
            if (answer.virtualHost() != null || answer.outcome() == Explanation.Outcome.PASSTHROUGH) {
                return answer;
            }
            first = first == null ? answer : first;
        }
        if (first == null) {
            throw new IllegalArgumentException("the configuration has no listener for this request");
        }
        return first;
    }

    private List<ListenerPlan> candidates(Question question) {
        String from = question.from();
        if (from == null) {
            List<ListenerPlan> all = new ArrayList<>(gateways(question));
            all.addAll(outbound(question));
            return all;
        }
        if (from.equals("outbound")) {
            return outbound(question);
        }
        if (from.equals("inbound")) {
            return ofKind(Kind.INGRESS);
        }
        if (from.startsWith("gateway:")) {
            String name = from.substring("gateway:".length());
            List<ListenerPlan> named = gateways(question).stream()
                    .filter(listener -> listener.gateways().contains(name))
                    .toList();
            if (named.isEmpty()) {
                throw new IllegalArgumentException("--from " + from + ": no such gateway has a server for this URL");
            }
            return named;
        }
        throw new IllegalArgumentException("--from takes outbound, inbound or gateway:NS/NAME, not " + from);
    }

    /** A Sidecar's egress listener of the URL's port before the one for everything. */
    private List<ListenerPlan> outbound(Question question) {
        List<ListenerPlan> all = new ArrayList<>(ofKind(Kind.EGRESS).stream()
                .filter(listener -> listener.bind().port() == question.port())
                .toList());
        all.addAll(ofKind(Kind.OUTBOUND));
        return all;
    }

    /** Gateway listeners in (namespace, name) order: those of the URL's port, else all of its scheme. */
    private List<ListenerPlan> gateways(Question question) {
        List<ListenerPlan> sorted = new ArrayList<>(ofKind(Kind.GATEWAY));
        sorted.sort(Comparator.comparing(Questions::firstGateway, BY_NAMESPACE_AND_NAME));
        if (question.port() < 0) {
            return sorted;
        }
        return sorted.stream()
                .filter(listener -> listener.bind().port() == question.port())
                .toList();
    }

    private static String firstGateway(ListenerPlan listener) {
        return listener.gateways().stream().min(BY_NAMESPACE_AND_NAME).orElse("");
    }

    private List<ListenerPlan> ofKind(Kind kind) {
        return plan.listeners().stream()
                .filter(listener -> listener.kind() == kind)
                .toList();
    }

    private static Router router(ProxyPlan plan, ListenerPlan listener) {
        RouteTablePlan table = listener.routes();
        if (table == null) {
            return new Router(
                    List.of(),
                    RouteTablePlan.UnknownHost.NOT_FOUND,
                    plan.settings().pathNormalization());
        }
        List<VirtualHost> hosts = table.hosts().stream()
                .map(host -> new VirtualHost(
                        host,
                        host.routes().stream()
                                .map(route -> new Route(route, List.of(), NEVER_RUN))
                                .toList()))
                .toList();
        return new Router(hosts, table.unknownHost(), plan.settings().pathNormalization());
    }

    private static void preview(RequestHead request, RoutePlan route, DestinationPlan destination) {
        if (route.action() instanceof Forward forward) {
            boolean single = forward.destinations().size() == 1;
            new RequestEdits(route.headers(), destination.headers(), forward.rewrite(), single)
                    .apply(new FormatContext(request, null, null));
        }
    }
}
