package dev.sluice.config.translate.listener;

import dev.sluice.config.crd.Destination;
import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.Sidecar;
import dev.sluice.config.crd.Sidecar.CaptureMode;
import dev.sluice.config.crd.Sidecar.IstioEgressListener;
import dev.sluice.config.plan.DetectionPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.ListenerPlan.Kind;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.plan.RouteTablePlan.UnknownHost;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.TrafficPlan;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.translate.notice.Notices;
import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServicePort;
import dev.sluice.config.translate.route.RouteTranslator;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.config.translate.scope.ProxyScope;
import dev.sluice.config.translate.scope.RoutedHosts;
import dev.sluice.config.translate.scope.SidecarScope;
import dev.sluice.config.translate.scope.SidecarScope.Egress;
import dev.sluice.config.translate.scope.VisibleServices;
import dev.sluice.config.translate.stream.StreamRoutes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Listeners towards other services: {@code --outbound}, and the egress listeners of the Sidecar that are connected to
 * explicitly ({@code captureMode: NONE}).
 */
public final class MeshListeners {
    private final SidecarScope scope;
    private final VisibleServices services;
    private final RouteTranslator routes;
    private final Notices notices;
    private final Domains domains;
    private final List<RoutedHosts> rules;
    private final MeshStreams streams;
    private final DetectionPlan detection;
    private final UnknownHost unknownHost;
    private final boolean intercept;
    private final Set<String> hosts = new HashSet<>();

    /**
     * @param around what there is for the proxy whose listeners they are
     * @param detection of what is spoken where that is not declared
     */
    public MeshListeners(
            ProxyScope around, RouteTranslator routes, StreamRoutes streams, DetectionPlan detection, Notices notices) {
        ProxyIdentity identity = around.identity();
        this.scope = around.sidecar();
        this.services = around.services();
        this.routes = routes;
        this.notices = notices;
        this.detection = detection;
        this.domains = new Domains(identity.namespace(), identity.domain());
        this.rules = around.bound().of(HostNames.MESH);
        this.streams = new MeshStreams(services.all(), rules, streams);
        this.intercept = identity.intercept();
        this.unknownHost = scope.allowsAny() ? UnknownHost.PASS_THROUGH : UnknownHost.BLACK_HOLE;
        services.all().forEach(service -> hosts.add(service.host()));
    }

    /** The explicit outbound listener. */
    public ListenerPlan outbound(BindAddress address) {
        TrafficPlan traffic = http(MeshScope.outbound(scope));
        return new ListenerPlan("outbound:" + address, address, Kind.OUTBOUND, traffic, List.of(), SourceRef.NONE);
    }

    /** The Sidecar's egress listeners, in its order; a later one may have the address of an earlier one. */
    public List<ListenerPlan> egress() {
        List<ListenerPlan> listeners = new ArrayList<>();
        Sidecar sidecar = scope.sidecar();
        for (Egress egress : scope.egress()) {
            IstioEgressListener written = egress.listener();
            if (sidecar == null || written == null) {
                continue;
            }
            // Nobody can be redirected to a Unix domain socket.
            if (written.captureMode() != CaptureMode.NONE && !egress.isUnix()) {
                if (written.port() != null && !intercept) {
                    notices.notServed(
                            sidecar,
                            written.at(),
                            "port",
                            "nothing listens for it: without captureMode NONE it is for intercepted connections");
                }
                continue;
            }
            egress(sidecar, egress, written, listeners);
        }
        return listeners;
    }

    /**
     * The Sidecar's egress listeners with a {@code bind} that are for redirected connections, in its order, as if they were
     * connected to: each is for what was dialled at its address, and for nothing else.
     */
    public List<ListenerPlan> atAnAddress() {
        List<ListenerPlan> listeners = new ArrayList<>();
        Sidecar sidecar = scope.sidecar();
        for (Egress egress : scope.egress()) {
            IstioEgressListener written = egress.listener();
            if (sidecar != null && written != null && egress.isForAnAddress()) {
                egress(sidecar, egress, written, listeners);
            }
        }
        return listeners;
    }

    private void egress(Sidecar sidecar, Egress egress, IstioEgressListener written, List<ListenerPlan> listeners) {
        String bind = written.bind() == null || written.bind().isEmpty() ? "127.0.0.1" : written.bind();
        BindAddress address = Binds.address(bind, egress.port());
        if (egress.isForAllPorts()) {
            eachPort(egress, address, written.at().ref(), listeners);
            return;
        }
        PortProtocol protocol = egress.protocol();
        if (MeshStreams.isCarried(protocol)) {
            listeners.add(bytes(
                            address,
                            MeshScope.egress(egress),
                            protocol.isTls(),
                            written.at().ref())
                    .withSocketMode(Binds.mode(sidecar.metadata())));
            return;
        }
        if (!protocol.maybeHttp()) {
            notices.notServed(
                    sidecar, written.at(), "port", "egress listeners of protocol " + protocol + " are not served yet");
            return;
        }
        MeshScope of = MeshScope.egress(egress);
        SourceRef at = written.at().ref();
        TrafficPlan traffic = protocol == PortProtocol.UNKNOWN ? told(of, address.port(), at) : http(of);
        listeners.add(egress(address, traffic, at).withSocketMode(Binds.mode(sidecar.metadata())));
    }

    /** A listener without port stands for one on each port of the services that it lets in, if no other has that port. */
    private void eachPort(Egress egress, BindAddress address, SourceRef at, List<ListenerPlan> listeners) {
        Set<Integer> http = ports(egress, PortProtocol::maybeHttp);
        Set<Integer> others = ports(egress, MeshStreams::mayBeBytes);
        for (int port : http) {
            BindAddress own = new BindAddress(address.host(), port);
            MeshScope of = MeshScope.port(egress, port);
            listeners.add(egress(own, others.contains(port) ? told(of, port, at) : http(of), at));
        }
        Set<Integer> tls = ports(egress, PortProtocol::isTls);
        for (int port : ports(egress, MeshStreams::isCarried)) {
            if (!http.contains(port)) {
                BindAddress own = new BindAddress(address.host(), port);
                listeners.add(bytes(own, MeshScope.port(egress, port), tls.contains(port), at));
            }
        }
    }

    private Set<Integer> ports(Egress egress, Predicate<PortProtocol> wanted) {
        Set<Integer> ports = new TreeSet<>();
        for (Service service : services.all()) {
            for (ServicePort port : service.ports()) {
                if (wanted.test(port.protocol())
                        && scope.importsOf(port.number()) == egress.hosts()
                        && egress.hosts().importsService(service.namespace(), service.host())) {
                    ports.add(port.number());
                }
            }
        }
        return ports;
    }

    /** A listener that carries bytes. */
    private ListenerPlan bytes(BindAddress address, MeshScope of, boolean tls, SourceRef at) {
        return egress(
                address,
                TrafficPlan.chains(tls ? streams.tls(of, address.port(), at) : streams.tcp(of, address.port(), at)),
                at);
    }

    /** The table of redirected requests to a port, whatever address they were sent to. */
    public RouteTablePlan table(int port) {
        return table(MeshScope.captured(scope, port), services.all());
    }

    /** The table of redirected requests to a service's own address, whatever host they name. */
    public RouteTablePlan table(Service service, ServicePort port) {
        RouteTablePlan all = table(MeshScope.captured(scope, port.number()), List.of(service));
        String own = Domains.written(service.host()) + ":" + port.number();
        List<VirtualHostPlan> hosts = new ArrayList<>(1);
        for (VirtualHostPlan host : all.hosts()) {
            if (host.name().equals(own)) {
                hosts.add(new VirtualHostPlan(own, List.of("*"), host.routes(), host.skipped(), host.httpsRedirect()));
            }
        }
        return new RouteTablePlan(own, routes.hosts(own, hosts), all.unknownHost());
    }

    /** Whether some VirtualService has a host that may be no service's. */
    public boolean routesForeignHosts() {
        for (RoutedHosts routed : rules) {
            if (!hosts.containsAll(routed.hosts())) {
                return true;
            }
        }
        return false;
    }

    private static ListenerPlan egress(BindAddress address, TrafficPlan traffic, SourceRef at) {
        return new ListenerPlan("egress:" + address, address, Kind.EGRESS, traffic, List.of(), at);
    }

    private TrafficPlan http(MeshScope of) {
        return TrafficPlan.cleartext(table(of, services.all()));
    }

    /** Where nobody declared the protocol: HTTP as on any listener, and all else by its chains. */
    private TrafficPlan told(MeshScope of, int port, SourceRef at) {
        return TrafficPlan.told(table(of, services.all()), streams.undeclared(of, port, at), detection);
    }

    private RouteTablePlan table(MeshScope of, Collection<Service> among) {
        MeshTable table = new MeshTable(of, routes, domains, hosts);
        List<VirtualHostPlan> plans = table.build(MeshHosts.groups(of, among, rules));
        Sidecar sidecar = scope.sidecar();
        Destination proxy = scope.egressProxy();
        if (unknownHost == UnknownHost.PASS_THROUGH && proxy != null && sidecar != null) {
            String namespace = sidecar.metadata().namespace();
            int port = of.onlyPort() == 0 ? 80 : of.onlyPort();
            plans.add(new VirtualHostPlan(
                    "egress-proxy",
                    List.of("*"),
                    List.of(routes.toDestination(proxy, namespace, port)),
                    List.of(),
                    false));
        }
        String tableName = of.onlyPort() == 0 ? "http_proxy" : String.valueOf(of.onlyPort());
        return new RouteTablePlan(tableName, routes.hosts(tableName, plans), unknownHost);
    }
}
