package dev.sluice.config.translate.listener;

import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.Gateway.Server;
import dev.sluice.config.crd.Gateway.ServerPort;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.translate.notice.Notices;
import dev.sluice.config.translate.registry.Labels;
import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.route.Binding;
import dev.sluice.config.translate.route.RouteTranslator;
import dev.sluice.config.translate.route.TranslatedRoutes;
import dev.sluice.config.translate.scope.BoundServices;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.config.translate.scope.RoutedHosts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Listeners of Gateways (spec §3): all cleartext HTTP servers of one address share one listener with one table, whichever
 * Gateways they are of; a TCP server has an address to itself.
 */
public final class GatewayListeners {
    private final CrdSet set;
    private final ProxyIdentity identity;
    private final BoundServices bound;
    private final RouteTranslator routes;
    private final GatewayStreams streams;
    private final Notices notices;

    public GatewayListeners(
            CrdSet set,
            ProxyIdentity identity,
            BoundServices bound,
            RouteTranslator routes,
            GatewayStreams streams,
            Notices notices) {
        this.set = set;
        this.identity = identity;
        this.bound = bound;
        this.routes = routes;
        this.streams = streams;
        this.notices = notices;
    }

    /** A server that is served, and the Gateway it is of. */
    private record Served(Gateway gateway, Server server) {}

    /** The servers of one address; of one that is not HTTP there are none. */
    private static final class Shared {
        private final PortProtocol first;
        private final List<Served> servers = new ArrayList<>();

        Shared(PortProtocol first) {
            this.first = first;
        }
    }

    /** In the order in which Gateways, sorted by name, name the addresses. */
    public List<ListenerPlan> listeners() {
        Map<BindAddress, Shared> byAddress = new LinkedHashMap<>();
        for (Gateway gateway : set.gateways()) {
            if (selects(gateway)) {
                for (Server server : gateway.servers()) {
                    collect(gateway, server, byAddress);
                }
            }
        }
        List<ListenerPlan> listeners = new ArrayList<>();
        byAddress.forEach((address, shared) -> {
            if (!shared.servers.isEmpty()) {
                listeners.add(
                        shared.first.isStream()
                                ? stream(address, shared.servers.get(0))
                                : listener(address, shared.servers));
            }
        });
        return listeners;
    }

    private boolean selects(Gateway gateway) {
        return identity.labels().isEmpty() || Labels.carry(identity.labels(), gateway.selector());
    }

    private void collect(Gateway gateway, Server server, Map<BindAddress, Shared> byAddress) {
        ServerPort port = server.port();
        if (port == null || port.number() == null) {
            return;
        }
        BindAddress address = Binds.address(server.bind(), port.number().intValue());
        if (address == null) {
            notices.notServed(gateway, server.at(), "bind", "listening on a Unix domain socket is not served yet");
            return;
        }
        PortProtocol protocol = PortProtocol.of(port.protocol());
        boolean served = (protocol.isHttp() && protocol != PortProtocol.HTTP_PROXY) || protocol.isStream();
        Shared shared = byAddress.computeIfAbsent(address, key -> new Shared(protocol));
        if (!served) {
            notices.notServed(
                    gateway, port.at(), "protocol", "servers of protocol " + port.protocol() + " are not served yet");
        } else if (shared.first.isStream()
                ? !shared.servers.isEmpty()
                : protocol.isStream() || !shared.first.isHttp() || shared.first == PortProtocol.HTTP_PROXY) {
            notices.givesWay(
                    gateway,
                    port.at(),
                    "number",
                    "another server has " + address + " for protocol " + shared.first + "; this one is left out");
        } else {
            shared.servers.add(new Served(gateway, server));
        }
    }

    private ListenerPlan listener(BindAddress address, List<Served> servers) {
        GatewayTable table = new GatewayTable(address.port());
        Set<String> gateways = new LinkedHashSet<>();
        Map<String, IdentityHashMap<VirtualService, TranslatedRoutes>> translated = new HashMap<>();
        for (Served served : servers) {
            String id = served.gateway().metadata().id();
            gateways.add(id);
            GatewayHosts hosts = new GatewayHosts(
                    served.server().hosts(), served.gateway().metadata().namespace());
            boolean redirects = redirects(served.server());
            Binding binding = new Binding(id, address.port());
            IdentityHashMap<VirtualService, TranslatedRoutes> own =
                    translated.computeIfAbsent(id, key -> new IdentityHashMap<>());
            for (RoutedHosts service : bound.of(id)) {
                Set<String> shared =
                        hosts.intersect(service.service().metadata().namespace(), service.hosts());
                if (!shared.isEmpty()) {
                    TranslatedRoutes made =
                            own.computeIfAbsent(service.service(), rules -> routes.translate(rules, binding));
                    shared.forEach(host -> table.add(host, made, redirects));
                }
            }
            if (redirects) {
                hosts.names().forEach(table::redirectToHttps);
            }
        }
        Server first = servers.get(0).server();
        ServerPort port = first.port();
        return new ListenerPlan(
                "gateway:" + address,
                address,
                ListenerPlan.Kind.GATEWAY,
                ListenerPlan.Protocols.HTTP,
                new RouteTablePlan(
                        address.host() == null
                                ? "http." + address.port()
                                : "http." + address.port() + "." + address.host(),
                        table.plans(),
                        RouteTablePlan.UnknownHost.NOT_FOUND),
                List.copyOf(gateways),
                (port == null ? first.at() : port.at()).ref());
    }

    /** Connections of clear text cannot be told apart: one server has the address. */
    private ListenerPlan stream(BindAddress address, Served served) {
        Server server = served.server();
        ServerPort port = server.port();
        return new ListenerPlan(
                "gateway:" + address,
                address,
                ListenerPlan.Kind.GATEWAY,
                ListenerPlan.Protocols.CHAINS,
                null,
                List.of(streams.cleartext(served.gateway(), server, address.port())),
                List.of(served.gateway().metadata().id()),
                (port == null ? server.at() : port.at()).ref());
    }

    private static boolean redirects(Server server) {
        return server.tls() != null && Boolean.TRUE.equals(server.tls().httpsRedirect());
    }
}
