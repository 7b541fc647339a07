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
import dev.sluice.proxy.snapshot.HttpRuntime;
import dev.sluice.proxy.snapshot.ListenerRuntime;
import dev.sluice.proxy.snapshot.RuntimeSnapshot;
import dev.sluice.proxy.stream.RequestHead;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
    private final Function<AskedTable, Router> routers;
    private final Captured captured;

    /** Answers over {@code plan}. */
    public Questions(ProxyPlan plan) {
        this(
                plan,
                table -> router(plan, Objects.requireNonNull(table.routes(), "a table that was named")),
                Captured.of(plan, table -> router(plan, table)),
                address -> false);
    }

    private Questions(
            ProxyPlan plan,
            Function<AskedTable, Router> routers,
            Captured captured,
            Predicate<InetSocketAddress> closed) {
        this.captured = captured;
        this.plan = plan;
        this.explainer = new Explainer(plan, Questions::preview, closed);
        this.routers = routers;
    }

    /**
     * Answers over a running configuration, by the routers that route its requests.
     *
     * @param closed whether an address is a port of the proxy's own, which takes no bytes
     */
    public static Questions of(RuntimeSnapshot running, Predicate<InetSocketAddress> closed) {
        return new Questions(
                running.plan(),
                table -> {
                    ListenerRuntime listener = running.listener(table.listener().bind());
                    HttpRuntime http = listener == null ? null : listener.http(table.chain());
                    if (http == null) {
                        throw new IllegalStateException("a plan's table is not in its snapshot: "
                                + table.listener().name() + " " + table.chain());
                    }
                    return http.router();
                },
                Captured.of(running),
                closed);
    }

    /**
     * Answers.
     *
     * @throws IllegalArgumentException when {@code from} names nothing of this configuration
     */
    public Explanation answer(Question question) {
        Explanation best = null;
        boolean atGateway = false;
        for (AskedTable table : candidates(question)) {
            InetSocketAddress dialled = question.dialled();
            Explainer asked = dialled != null && table.listener().kind() == Kind.VIRTUAL_OUTBOUND
                    ? explainer.dialled(dialled)
                    : explainer;
            if (table.bytes() != null) {
                Explanation carried = asked.carried(table.listener(), table.bytes(), question, table.byName());
                return Refusals.of(carried, table.listener().kind(), question);
            }
            Router router = table.router() == null ? routers.apply(table) : table.router();
            Explanation answer = asked.explain(table.listener(), router, question.head());
            if (answer.virtualHost() != null || answer.outcome() == Explanation.Outcome.PASSTHROUGH) {
                return Refusals.of(answer, table.listener().kind(), question);
            }
            boolean gateway = table.listener().kind() == Kind.GATEWAY;
            // Gateways that do not take the host leave the answer to the outbound side, if there is one.
            if (best == null || (atGateway && !gateway)) {
                best = answer;
                atGateway = gateway;
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("the configuration has no listener for this request");
        }
        return best;
    }

    private List<AskedTable> candidates(Question question) {
        String from = question.from();
        if (from == null) {
            List<AskedTable> all = new ArrayList<>(gateways(question, null));
            all.addAll(outbound(question));
            return all;
        }
        if (from.equals("outbound")) {
            return outbound(question);
        }
        if (from.equals("inbound")) {
            return inbound(question);
        }
        if (from.startsWith("gateway:")) {
            String name = from.substring("gateway:".length());
            List<AskedTable> named = gateways(question, name);
            if (named.isEmpty()) {
                throw new IllegalArgumentException("--from " + from + ": no such gateway has a server for this URL");
            }
            return named;
        }
        throw new IllegalArgumentException("--from takes outbound, inbound or gateway:NS/NAME, not " + from);
    }

    /**
     * What takes redirected connections, where any are; then a Sidecar's egress listener of the URL's port before the one for
     * everything, and those on Unix domain sockets, which have no port.
     */
    private List<AskedTable> outbound(Question question) {
        List<AskedTable> all = new ArrayList<>();
        AskedTable redirected = captured.find(Kind.VIRTUAL_OUTBOUND, question);
        if (redirected != null) {
            all.add(redirected);
        }
        plan.listeners().stream()
                .filter(listener ->
                        listener.kind() == Kind.EGRESS && listener.bind().port() == question.port())
                .map(listener -> AskedTable.connected(listener, question))
                .filter(Objects::nonNull)
                .forEach(all::add);
        all.addAll(ofKind(Kind.OUTBOUND));
        ofKind(Kind.EGRESS).stream()
                .filter(table -> table.listener().bind().isUnix())
                .forEach(all::add);
        return all;
    }

    /** A Sidecar's ingress listener of the URL's port, if it is connected to; what takes redirected connections; the others. */
    private List<AskedTable> inbound(Question question) {
        int port = question.destination().getPort();
        List<AskedTable> all = new ArrayList<>();
        plan.listeners().stream()
                .filter(listener ->
                        listener.kind() == Kind.INGRESS && listener.bind().port() == port)
                .map(listener -> AskedTable.connected(listener, question))
                .filter(Objects::nonNull)
                .forEach(all::add);
        AskedTable redirected = captured.find(Kind.VIRTUAL_INBOUND, question);
        if (redirected != null) {
            all.add(redirected);
        }
        ofKind(Kind.INGRESS).stream()
                .filter(table -> table.listener().bind().port() != port)
                .forEach(all::add);
        return all;
    }

    /**
     * Servers of gateways, these in (namespace, name) order: those of the URL's port, else all of its scheme. With https the
     * one that a client gets to by the host's name. A server of bytes has no scheme: it is asked for by its port alone.
     *
     * @param name of the one gateway that is asked; null for all
     */
    private List<AskedTable> gateways(Question question, @Nullable String name) {
        boolean secure = question.scheme().equals("https");
        boolean meant = name != null || question.port() >= 0;
        List<ListenerPlan> asked = plan.listeners().stream()
                .filter(listener -> listener.kind() == Kind.GATEWAY)
                .filter(listener -> name == null || listener.gateways().contains(name))
                .filter(listener -> question.port() < 0 || listener.bind().port() == question.port())
                .sorted(Comparator.comparing(Questions::firstGateway, BY_NAMESPACE_AND_NAME))
                .toList();
        List<AskedTable> found = new ArrayList<>();
        for (ListenerPlan listener : asked) {
            AskedTable table =
                    secure ? AskedTable.secure(listener, question.authority()) : AskedTable.cleartext(listener);
            if (table == null && secure && question.port() >= 0) {
                // TLS that ends before the proxy: the port says which server is meant.
                table = AskedTable.cleartext(listener);
            }
            if (table == null && question.port() >= 0) {
                table = AskedTable.bytes(listener);
            }
            if (table != null) {
                found.add(table);
            }
        }
        if (found.isEmpty() && secure && meant) {
            asked.stream().filter(AskedTable::takesTls).map(AskedTable::unnamed).forEach(found::add);
        }
        return found;
    }

    private static String firstGateway(ListenerPlan listener) {
        return listener.gateways().stream().min(BY_NAMESPACE_AND_NAME).orElse("");
    }

    private List<AskedTable> ofKind(Kind kind) {
        List<AskedTable> found = new ArrayList<>();
        for (ListenerPlan listener : plan.listeners()) {
            AskedTable table = listener.kind() == kind ? AskedTable.cleartext(listener) : null;
            if (table != null) {
                found.add(table);
            }
        }
        return found;
    }

    private static Router router(ProxyPlan plan, RouteTablePlan table) {
        List<VirtualHost> hosts = table.hosts().stream()
                .map(host -> new VirtualHost(
                        host,
                        host.routes().stream()
                                .map(route -> new Route(route, List.of(), NEVER_RUN))
                                .toList()))
                .toList();
        return new Router(hosts, table.unknownHost(), plan.settings().pathNormalization());
    }

    private static boolean preview(RequestHead request, RoutePlan route, DestinationPlan destination) {
        return !(route.action() instanceof Forward forward)
                || new RequestEdits(route.headers(), destination.headers(), forward.rewrite())
                        .apply(new FormatContext(request, null, null));
    }
}
