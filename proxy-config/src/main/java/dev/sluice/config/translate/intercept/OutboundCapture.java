package dev.sluice.config.translate.intercept;

import dev.sluice.config.crd.Destination;
import dev.sluice.config.crd.Sidecar;
import dev.sluice.config.plan.CapturePlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.ListenerPlan.Kind;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.TrafficPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.plan.chain.Cidr;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import dev.sluice.config.translate.listener.MeshListeners;
import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServicePort;
import dev.sluice.config.translate.scope.ProxyScope;
import dev.sluice.config.translate.scope.SidecarScope;
import dev.sluice.config.translate.scope.VisibleServices;
import dev.sluice.config.translate.stream.Ranges;
import dev.sluice.config.translate.stream.StreamRoutes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The listener of what the app sends, as Istio makes one for each port: HTTP of a port is routed by Host whatever address
 * was dialled; what is declared as something else goes by the virtual IP, and where there is none TLS by its server name
 * and other bytes by the port alone; a port of unknown protocol with a virtual IP is told by its first bytes and is that
 * service's either way. The virtual IPs of a headless service are its endpoints, for all but declared HTTP. An egress
 * listener with an address of its own has all that was dialled there. What is none of all this goes where it was going
 * (ALLOW_ANY), or nowhere (REGISTRY_ONLY).
 */
final class OutboundCapture {
    private static final int HTTP_PORT = 80;

    private final SidecarScope scope;
    private final VisibleServices services;
    private final MeshListeners mesh;
    private final StreamRoutes routes;
    private final Chains chains = new Chains();
    private final StreamChains streams;

    /**
     * @param mesh makes the tables
     * @param routes makes the routes of what is no HTTP
     */
    OutboundCapture(ProxyScope around, MeshListeners mesh, StreamRoutes routes) {
        this.scope = around.sidecar();
        this.services = around.services();
        this.mesh = mesh;
        this.routes = routes;
        this.streams = new StreamChains(scope, around.bound(), routes, chains);
    }

    /** The listener; called once. */
    ListenerPlan listener(InterceptSettings settings) {
        mesh.atAnAddress().forEach(this::add);
        Set<Integer> httpPorts = new TreeSet<>();
        Set<Integer> unknownPorts = new TreeSet<>();
        if (mesh.routesForeignHosts()) {
            httpPorts.add(HTTP_PORT);
        }
        for (Service service : services.all()) {
            for (ServicePort port : service.ports()) {
                if (isLetIn(service, port)) {
                    add(service, port, httpPorts, unknownPorts);
                }
            }
        }
        TcpRoutePlan otherwise = otherwise();
        for (int port : httpPorts) {
            chains.http("http." + port, List.of(), port, mesh.table(port), SourceRef.NONE);
            if (otherwise != null && unknownPorts.contains(port)) {
                chains.tcp("unknown." + port, List.of(), port, otherwise, SourceRef.NONE);
            }
        }
        if (otherwise != null) {
            chains.tcp("passthrough", List.of(), 0, otherwise, SourceRef.NONE);
        }
        return new ListenerPlan(
                "virtualOutbound",
                new BindAddress(null, settings.outboundPort()),
                Kind.VIRTUAL_OUTBOUND,
                TrafficPlan.captured(chains.plans(), new CapturePlan(false, settings.detectionMillis())),
                List.of(),
                SourceRef.NONE);
    }

    /** What a listener at an address of its own would do with connections that were made to it. */
    private void add(ListenerPlan own) {
        String host = own.bind().host();
        Cidr address = host == null ? null : Ranges.parse(host);
        if (address == null) {
            return; // no address, which validation refuses
        }
        List<Cidr> only = List.of(address);
        int port = own.bind().port();
        RouteTablePlan cleartext = own.traffic().routes();
        if (cleartext != null) {
            chains.http("http." + own.name(), only, port, cleartext, own.origin());
        }
        for (ChainPlan chain : own.traffic().chains()) {
            List<Cidr> ranges = chain.match().destinations();
            boolean holds = ranges.isEmpty() || ranges.stream().anyMatch(range -> range.covers(address));
            if (holds && chain.target() instanceof ChainTarget.Tcp to) {
                if (chain.match().tls()) {
                    chains.tls(chain.name(), chain.match().serverNames(), only, port, to.route(), own.origin());
                } else {
                    chains.tcp(chain.name(), only, port, to.route(), own.origin());
                }
            }
        }
        chains.close(address, port);
    }

    private boolean isLetIn(Service service, ServicePort port) {
        return port.protocol() != PortProtocol.UDP
                && port.protocol() != PortProtocol.HTTP_PROXY
                && scope.importsOfRedirected(port.number()).importsService(service.namespace(), service.host());
    }

    private void add(Service service, ServicePort port, Set<Integer> httpPorts, Set<Integer> unknownPorts) {
        int number = port.number();
        boolean http = port.protocol().isHttp();
        // HTTP goes by Host, whatever was dialled.
        List<Cidr> destinations = http ? List.of() : destinations(service, port);
        if (service.headless() && !http && destinations.isEmpty()) {
            return; // nobody can dial it, and the port of every address is not its own
        }
        switch (port.protocol()) {
            case HTTP, HTTP2, GRPC, GRPC_WEB -> httpPorts.add(number);
            case UNKNOWN -> {
                if (destinations.isEmpty()) {
                    httpPorts.add(number);
                    unknownPorts.add(number);
                } else {
                    String name = "http." + service.host() + ":" + number;
                    chains.http(name, destinations, number, mesh.table(service, port), service.at());
                    streams.tcp(service, port, destinations);
                }
            }
            case HTTPS, TLS -> streams.tls(service, port, destinations);
            case TCP, MONGO, REDIS, MYSQL -> {
                // Another name has no connections of its own: they are made to what it names, wherever that is.
                if (!service.ips().elsewhere()) {
                    streams.tcp(service, port, destinations);
                }
            }
            case HTTP_PROXY, UDP -> throw new IllegalArgumentException("not let in: " + port);
        }
    }

    /** Every address that a client may dial for a service's port: single ones, ranges, endpoints of a headless one. */
    private static List<Cidr> destinations(Service service, ServicePort port) {
        List<String> written = new ArrayList<>(service.ips().addresses());
        written.addAll(service.ips().ranges());
        if (service.headless()) {
            port.endpoints().forEach(endpoint -> written.add(endpoint.address()));
        }
        List<Cidr> all = new ArrayList<>(written.size());
        for (String range : written) {
            Cidr parsed = Ranges.parse(range);
            if (parsed != null) {
                all.add(parsed);
            }
        }
        return all;
    }

    /** Where bytes go that nobody declared; null for nowhere. */
    private @Nullable TcpRoutePlan otherwise() {
        if (!scope.allowsAny()) {
            return null;
        }
        Destination proxy = scope.egressProxy();
        Sidecar sidecar = scope.sidecar();
        return proxy != null && sidecar != null
                ? routes.toDestination(proxy, sidecar.metadata().namespace(), 0)
                : routes.passthrough();
    }
}
