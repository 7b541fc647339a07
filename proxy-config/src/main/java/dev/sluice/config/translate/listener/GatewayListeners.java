package dev.sluice.config.translate.listener;

import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.Gateway.Server;
import dev.sluice.config.crd.Gateway.ServerPort;
import dev.sluice.config.crd.Labels;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.TrafficPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.translate.notice.Notices;
import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.config.translate.tls.ServerTlsTranslator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Listeners of Gateways (spec §3): all cleartext HTTP servers of one address share one listener with one table, whichever
 * Gateways they are of; all servers with TLS of one address share one listener, with a chain each; a TCP server has an
 * address to itself.
 */
public final class GatewayListeners {
    private final CrdSet set;
    private final ProxyIdentity identity;
    private final GatewayRoutes routes;
    private final GatewayStreams streams;
    private final GatewayTls tls;
    private final Notices notices;

    public GatewayListeners(
            CrdSet set,
            ProxyIdentity identity,
            GatewayRoutes routes,
            GatewayStreams streams,
            ServerTlsTranslator tls,
            Notices notices) {
        this.set = set;
        this.identity = identity;
        this.routes = routes;
        this.streams = streams;
        this.tls = new GatewayTls(tls, streams, routes, notices);
        this.notices = notices;
    }

    /** The servers of one address; of a protocol that is not served there are none. */
    private static final class Shared {
        private final PortProtocol first;
        private final List<ServedServer> servers = new ArrayList<>();

        Shared(PortProtocol first) {
            this.first = first;
        }

        boolean takes(PortProtocol protocol) {
            if (first.isStream()) {
                return protocol.isStream() && servers.isEmpty();
            }
            return first.isTls() ? protocol.isTls() : isServedHttp(first) && isServedHttp(protocol);
        }
    }

    private static boolean isServedHttp(PortProtocol protocol) {
        return protocol.isHttp() && protocol != PortProtocol.HTTP_PROXY;
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
                listeners.add(listener(address, shared));
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
        PortProtocol protocol = PortProtocol.of(port.protocol());
        Shared shared = byAddress.computeIfAbsent(address, key -> new Shared(protocol));
        if (!isServedHttp(protocol) && !protocol.isStream() && !protocol.isTls()) {
            notices.notServed(
                    gateway, port.at(), "protocol", "servers of protocol " + port.protocol() + " are not served yet");
        } else if (!shared.takes(protocol)) {
            notices.givesWay(
                    gateway,
                    port.at(),
                    "number",
                    "another server has " + address + " for protocol " + shared.first + "; this one is left out");
        } else {
            shared.servers.add(new ServedServer(gateway, server));
        }
    }

    private ListenerPlan listener(BindAddress address, Shared shared) {
        List<ServedServer> servers = shared.servers;
        ServedServer first = servers.get(0);
        if (shared.first.isTls()) {
            return plan(address, servers, TrafficPlan.chains(tls.chains(address.port(), servers)));
        }
        if (shared.first.isStream()) {
            ChainPlan chain = streams.cleartext(first.gateway(), first.server(), address.port());
            return plan(address, servers, TrafficPlan.chains(List.of(chain)));
        }
        String table =
                address.host() == null ? "http." + address.port() : "http." + address.port() + "." + address.host();
        return plan(address, servers, TrafficPlan.cleartext(routes.table(table, address.port(), servers)));
    }

    private static ListenerPlan plan(BindAddress address, List<ServedServer> servers, TrafficPlan traffic) {
        Server first = servers.get(0).server();
        ServerPort port = first.port();
        SourceRef at = (port == null ? first.at() : port.at()).ref();
        return new ListenerPlan(
                        "gateway:" + address,
                        address,
                        ListenerPlan.Kind.GATEWAY,
                        traffic,
                        servers.stream().map(ServedServer::id).distinct().toList(),
                        at)
                .withSocketMode(Binds.mode(servers.get(0).gateway().metadata()));
    }
}
