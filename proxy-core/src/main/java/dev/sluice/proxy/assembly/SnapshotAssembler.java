package dev.sluice.proxy.assembly;

import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.MirrorPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.plan.RouteActionPlan.Forward;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.plan.TrafficPlan;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.plan.chain.ServerTlsPlan;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.listener.EdgeStage;
import dev.sluice.proxy.listener.HopMarker;
import dev.sluice.proxy.listener.RoutingStage;
import dev.sluice.proxy.policy.carry.CarriedHeaders;
import dev.sluice.proxy.policy.carry.CarryStage;
import dev.sluice.proxy.policy.mirror.MirrorStage;
import dev.sluice.proxy.policy.steering.SteeringStage;
import dev.sluice.proxy.policy.timeout.StreamIdleStage;
import dev.sluice.proxy.routing.Route;
import dev.sluice.proxy.routing.Router;
import dev.sluice.proxy.routing.VirtualHost;
import dev.sluice.proxy.session.TcpObserver;
import dev.sluice.proxy.snapshot.CaptureIndex;
import dev.sluice.proxy.snapshot.ChainRuntime;
import dev.sluice.proxy.snapshot.ChainTable;
import dev.sluice.proxy.snapshot.HttpRuntime;
import dev.sluice.proxy.snapshot.ListenerRuntime;
import dev.sluice.proxy.snapshot.RuntimeSnapshot;
import dev.sluice.proxy.snapshot.ServerNames;
import dev.sluice.proxy.snapshot.Ways;
import dev.sluice.proxy.tcp.TcpRoute;
import dev.sluice.proxy.tls.ServerTls;
import dev.sluice.proxy.tls.TlsRegistry;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a snapshot of a plan, over the live clusters of a registry. Configuration thread. */
final class SnapshotAssembler {
    private final ClusterRegistry clusters;
    private final Function<ListenerPlan, ExchangeObserver> observers;
    private final Function<ListenerPlan, TcpObserver> streams;
    private final RouteStage passThrough;
    private final TlsRegistry tls;
    private final CarriedHeaders carried = new CarriedHeaders();
    private final KnownTables known = new KnownTables();
    private RouteChains chains = new RouteChains();
    /** Destinations by the plan that many routes have in common. */
    private IdentityHashMap<Forward, List<Destination>> joined = new IdentityHashMap<>();

    private VirtualHost.Shared shared = new VirtualHost.Shared();
    /** Tells this proxy from others in {@link HopMarker}s. */
    private final long process = ThreadLocalRandom.current().nextLong();

    /**
     * @param observers who is told about the exchanges of a listener
     * @param streams who is told about the connections of a listener that carry bytes
     * @param passThrough takes requests to unknown hosts where ALLOW_ANY lets them through
     * @param tls knows the TLS of a plan before that is assembled
     */
    public SnapshotAssembler(
            ClusterRegistry clusters,
            Function<ListenerPlan, ExchangeObserver> observers,
            Function<ListenerPlan, TcpObserver> streams,
            RouteStage passThrough,
            TlsRegistry tls) {
        this.tls = tls;
        this.clusters = clusters;
        this.observers = observers;
        this.streams = streams;
        this.passThrough = passThrough;
    }

    /**
     * Brings the clusters in line with {@code plan} and joins its routes with them. Those that it does not name are left to
     * {@link ClusterRegistry#closeForgotten}.
     */
    public RuntimeSnapshot assemble(ProxyPlan plan) {
        clusters.servesOutside(
                plan.listeners().stream().anyMatch(listener -> listener.kind() == ListenerPlan.Kind.GATEWAY));
        clusters.apply(plan.clusters());
        known.begin(clusters.membership());
        chains = new RouteChains();
        shared = new VirtualHost.Shared();
        joined = new IdentityHashMap<>();
        Map<BindAddress, ListenerRuntime> listeners = new LinkedHashMap<>();
        for (ListenerPlan listener : plan.listeners()) {
            listeners.put(listener.bind(), listener(plan, listener));
        }
        known.end();
        chains = new RouteChains();
        shared = new VirtualHost.Shared();
        joined = new IdentityHashMap<>();
        return new RuntimeSnapshot(plan, listeners);
    }

    private ListenerRuntime listener(ProxyPlan plan, ListenerPlan listener) {
        ExchangeObserver observer = observers.apply(listener);
        TrafficPlan traffic = listener.traffic();
        RouteTablePlan cleartext = traffic.routes();
        CaptureIndex capture = traffic.capture() == null
                ? null
                : new CaptureAssembler(
                                table -> http(plan, listener, table, observer),
                                this::bytes,
                                chain -> chain(plan, listener, chain, observer))
                        .index(listener);
        List<ChainRuntime> chains = new ArrayList<>();
        if (capture == null) {
            for (ChainPlan chain : traffic.chains()) {
                chains.add(chain(plan, listener, chain, observer));
            }
        }
        HttpRuntime http = cleartext == null ? null : http(plan, listener, cleartext, observer);
        ChainTable table = chains.isEmpty() ? ChainTable.EMPTY : new ChainTable(chains);
        Ways told = traffic.detection() == null ? null : told(listener, http, table, chains);
        return new ListenerRuntime(listener, http, table, streams.apply(listener), capture, told);
    }

    /** What is spoken on a listener's port was not declared: HTTP, TLS by name, and other bytes. */
    private static Ways told(
            ListenerPlan listener, @Nullable HttpRuntime http, ChainTable table, List<ChainRuntime> chains) {
        String host = listener.bind().isUnix() ? null : listener.bind().host();
        InetAddress address = host == null ? null : NetUtil.createInetAddressFromIpAddressString(host);
        InetSocketAddress bound = address == null
                ? null
                : new InetSocketAddress(address, listener.bind().port());
        Map<String, TcpRoute> names = new HashMap<>();
        for (ChainRuntime chain : chains) {
            for (String name : chain.plan().match().serverNames()) {
                ChainRuntime chosen = table.choose(bound, true, name);
                if (chosen != null && chosen.route() != null) {
                    names.put(name, chosen.route());
                }
            }
        }
        ChainRuntime bytes = table.choose(bound, false, null);
        return new Ways(http, new ServerNames(names), bytes == null ? null : bytes.route(), null);
    }

    private ChainRuntime chain(ProxyPlan plan, ListenerPlan listener, ChainPlan chain, ExchangeObserver observer) {
        ServerTlsPlan ends = chain.tls();
        ServerTls own = ends == null ? null : tls.server(ends);
        if (chain.target() instanceof ChainTarget.Http http) {
            return new ChainRuntime(chain, own, http(plan, listener, http.routes(), observer), null);
        }
        return new ChainRuntime(chain, own, null, bytes(((ChainTarget.Tcp) chain.target()).route()));
    }

    private TcpRoute bytes(TcpRoutePlan route) {
        List<TcpRoute.Target> targets = new ArrayList<>();
        for (TcpRoutePlan.TcpDestination destination : route.destinations()) {
            LiveCluster live = clusters.find(destination.cluster());
            targets.add(new TcpRoute.Target(destination, live == null ? null : live.streams()));
        }
        return new TcpRoute(route, targets);
    }

    private HttpRuntime http(ProxyPlan plan, ListenerPlan listener, RouteTablePlan table, ExchangeObserver observer) {
        Router router = known.router(listener.bind(), table, plan.settings().pathNormalization(), this::host);
        boolean edge = listener.kind() == ListenerPlan.Kind.GATEWAY;
        HopMarker marker = new HopMarker(process, listener.bind());
        RouteStage routing = watched(plan, new RoutingStage(router, passThrough, LocalAnswers.TO_HTTPS));
        RouteStage entry = new EdgeStage(
                edge, plan.settings().topology(), marker, steering(listener, carrying(plan, listener, routing)));
        return new HttpRuntime(router, entry, observer);
    }

    private VirtualHost host(VirtualHostPlan host) {
        List<Route> routes = new ArrayList<>(host.routes().size());
        for (RoutePlan route : host.routes()) {
            routes.add(route(route));
        }
        return new VirtualHost(host, routes, shared);
    }

    /** Nothing is linked where requests may be silent for as long as they like. */
    private static RouteStage watched(ProxyPlan plan, RouteStage next) {
        Duration idle = plan.settings().idle().stream();
        return idle == null ? next : new StreamIdleStage(idle, next);
    }

    /** At an edge nothing of the kind is left by then. */
    private static RouteStage steering(ListenerPlan listener, RouteStage next) {
        return listener.kind() == ListenerPlan.Kind.GATEWAY
                ? next
                : new SteeringStage(listener.kind().isFromApp(), next);
    }

    /** Nothing is linked where no header is to be carried. */
    private RouteStage carrying(ProxyPlan plan, ListenerPlan listener, RouteStage next) {
        List<String> names = plan.settings().carryHeaders();
        return names.isEmpty()
                ? next
                : new CarryStage(carried, names, listener.kind().isFromApp(), next);
    }

    private Route route(RoutePlan route) {
        if (!(route.action() instanceof Forward forward)) {
            return new Route(route, List.of(), LocalAnswers.of(route));
        }
        List<Destination> destinations = joined.computeIfAbsent(forward, this::join);
        return new Route(route, destinations, chains.forward(route, forward, mirrors(forward)));
    }

    private List<Destination> join(Forward forward) {
        List<Destination> destinations = new ArrayList<>(forward.destinations().size());
        for (DestinationPlan destination : forward.destinations()) {
            destinations.add(join(destination));
        }
        return List.copyOf(destinations);
    }

    private Destination join(DestinationPlan destination) {
        LiveCluster live = clusters.find(destination.cluster());
        return live == null
                ? new Destination(destination, null, null)
                : new Destination(destination, live.cluster(), live.attempts());
    }

    /** Mirrors whose cluster exists; the others are skipped silently, as in Envoy. */
    private List<MirrorStage.Target> mirrors(Forward forward) {
        List<MirrorStage.Target> targets = new ArrayList<>();
        for (MirrorPlan mirror : forward.mirrors()) {
            Destination destination = join(new DestinationPlan(mirror.cluster(), 1, HeaderPlan.NONE, HashPlan.NONE));
            if (destination.cluster() != null && mirror.perMillion() > 0) {
                RouteStage bridge = RouteChain.shadow();
                targets.add(new MirrorStage.Target(destination, mirror.perMillion(), bridge));
            }
        }
        return targets;
    }
}
