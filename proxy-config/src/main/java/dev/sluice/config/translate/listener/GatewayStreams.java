package dev.sluice.config.translate.listener;

import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.Gateway.Server;
import dev.sluice.config.crd.HostIndex;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.plan.chain.ChainMatchPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServicePort;
import dev.sluice.config.translate.route.Binding;
import dev.sluice.config.translate.scope.BoundServices;
import dev.sluice.config.translate.scope.RoutedHosts;
import dev.sluice.config.translate.scope.VisibleServices;
import dev.sluice.config.translate.stream.StreamRoute;
import dev.sluice.config.translate.stream.StreamRoutes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What becomes of the connections of Gateways' servers that carry bytes (spec §3.1): by a {@code tcp} rule where the server
 * is TCP, or where its TLS ends here; by {@code tls} rules where TLS passes through.
 */
public final class GatewayStreams {
    private final BoundServices bound;
    private final StreamRoutes routes;
    private final VisibleServices services;

    public GatewayStreams(BoundServices bound, StreamRoutes routes, VisibleServices services) {
        this.bound = bound;
        this.routes = routes;
        this.services = services;
    }

    /**
     * Where every connection of a server goes: by the first {@code tcp} rule for its port of the first VirtualService that
     * has one and shares a host with the server. Ranges of destinations do not count at a Gateway, as in Istio.
     *
     * @return {@link TcpRoutePlan#NOWHERE} when there is no such rule
     */
    public TcpRoutePlan tcp(Gateway gateway, Server server, int port) {
        Binding binding = new Binding(gateway.metadata().id(), port);
        for (RoutedHosts rules : sharing(gateway, server)) {
            for (StreamRoute route : routes.tcp(rules.service(), binding)) {
                return route.route();
            }
        }
        return TcpRoutePlan.NOWHERE;
    }

    /** The one chain of a server in clear text. */
    public ChainPlan cleartext(Gateway gateway, Server server, int port) {
        return new ChainPlan(
                "tcp." + port,
                ChainMatchPlan.ANY,
                null,
                new ChainTarget.Tcp(tcp(gateway, server, port)),
                server.at().ref());
    }

    /**
     * Chains of a server of mode PASSTHROUGH, one a match block.
     *
     * @param taken server names that chains of the same address have; those added here are put in. Of two blocks for one
     *     name the first has it
     */
    public List<ChainPlan> passthrough(Gateway gateway, Server server, int port, Set<String> taken) {
        Binding binding = new Binding(gateway.metadata().id(), port);
        List<ChainPlan> chains = new ArrayList<>();
        for (RoutedHosts rules : sharing(gateway, server)) {
            for (StreamRoute route : routes.tls(rules.service(), binding)) {
                List<String> names =
                        route.serverNames().stream().filter(taken::add).toList();
                if (!names.isEmpty()) {
                    String name = "tls." + port + "." + names.get(0);
                    chains.add(chain(name, names, route.route(), server.at()));
                }
            }
        }
        return chains;
    }

    /**
     * Chains of a server of mode AUTO_PASSTHROUGH: the server name says the cluster, {@code
     * outbound_.PORT_.SUBSET_.HOST}, of services that a host of the server covers.
     */
    public List<ChainPlan> autoPassthrough(Server server, Set<String> taken) {
        HostIndex<Boolean> hosts = new HostIndex<>();
        for (String host : server.hosts()) {
            hosts.add(host.substring(host.indexOf('/') + 1), true);
        }
        List<ChainPlan> chains = new ArrayList<>();
        for (Service service : services.all()) {
            if (hosts.covers(service.host())) {
                for (ServicePort port : service.ports()) {
                    if (port.protocol() != PortProtocol.UDP) {
                        addClusters(service, port, server.at(), taken, chains);
                    }
                }
            }
        }
        return chains;
    }

    private void addClusters(Service service, ServicePort port, MapNode at, Set<String> taken, List<ChainPlan> chains) {
        List<String> subsets = new ArrayList<>(routes.subsets(service));
        subsets.add(0, "");
        for (String subset : subsets) {
            String name = "outbound_." + port.number() + "_." + subset + "_." + service.host();
            if (taken.add(name)) {
                TcpRoutePlan route = routes.toServiceAsItCame(service, port.number(), subset.isEmpty() ? null : subset);
                chains.add(chain("auto." + name, List.of(name), route, at));
            }
        }
    }

    private static ChainPlan chain(String name, List<String> serverNames, TcpRoutePlan route, MapNode at) {
        return new ChainPlan(name, ChainMatchPlan.tls(serverNames), null, new ChainTarget.Tcp(route), at.ref());
    }

    /** VirtualServices of the Gateway that have a host in common with the server, in order. */
    private List<RoutedHosts> sharing(Gateway gateway, Server server) {
        GatewayHosts hosts = new GatewayHosts(server.hosts(), gateway.metadata().namespace());
        return bound.of(gateway.metadata().id()).stream()
                .filter(rules -> !hosts.intersect(rules.service().metadata().namespace(), rules.hosts())
                        .isEmpty())
                .toList();
    }
}
