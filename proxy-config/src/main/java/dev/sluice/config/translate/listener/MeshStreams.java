package dev.sluice.config.translate.listener;

import dev.sluice.config.crd.HostNames;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.chain.ChainMatchPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.plan.chain.Cidr;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServicePort;
import dev.sluice.config.translate.route.Binding;
import dev.sluice.config.translate.scope.RoutedHosts;
import dev.sluice.config.translate.stream.StreamRoute;
import dev.sluice.config.translate.stream.StreamRoutes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Chains of listeners on the mesh side that are connected to explicitly and carry bytes (spec §1.11, §5): nobody says which
 * address a connection was meant for, so that of services in clear text the first has the listener, and TLS is told apart by
 * server name.
 */
final class MeshStreams {
    private final Collection<Service> services;
    private final List<RoutedHosts> rules;
    private final StreamRoutes routes;

    /** @param rules bound to the mesh, in order */
    MeshStreams(Collection<Service> services, List<RoutedHosts> rules, StreamRoutes routes) {
        this.services = services;
        this.rules = rules;
        this.routes = routes;
    }

    /** Chains of a listener in clear text; none when it lets in no service that it could serve. */
    List<ChainPlan> tcp(MeshScope scope, int listenerPort, SourceRef at) {
        return tcp(scope, listenerPort, PortProtocol::isStream, at);
    }

    /** Chains of what is no HTTP on a listener that nobody declared the protocol of: TLS by server name, other bytes. */
    List<ChainPlan> undeclared(MeshScope scope, int listenerPort, SourceRef at) {
        List<ChainPlan> chains = new ArrayList<>(tls(scope, listenerPort, at));
        chains.addAll(
                tcp(scope, listenerPort, protocol -> protocol.isStream() || protocol == PortProtocol.UNKNOWN, at));
        return chains;
    }

    private List<ChainPlan> tcp(MeshScope scope, int listenerPort, Predicate<PortProtocol> carried, SourceRef at) {
        for (Service service : services) {
            for (ServicePort port : service.ports()) {
                if (carried.test(port.protocol()) && serves(scope, service, port)) {
                    return tcp(scope, service, port, listenerPort, at);
                }
            }
        }
        return List.of();
    }

    /** Chains of a listener of TLS, by server name: of rules, and of services that no rule takes. */
    List<ChainPlan> tls(MeshScope scope, int listenerPort, SourceRef at) {
        TlsChains chains = new TlsChains(at);
        for (Service service : services) {
            for (ServicePort port : service.ports()) {
                if (port.protocol().isTls() && serves(scope, service, port)) {
                    tls(scope, service, port, listenerPort, chains);
                }
            }
        }
        return chains.made;
    }

    /** Whether a service's port is carried as bytes on a listener of this protocol. */
    static boolean isCarried(PortProtocol protocol) {
        return protocol.isStream() || protocol.isTls();
    }

    /** Whether what is sent to a service's port of this protocol may be something else than HTTP in the clear. */
    static boolean mayBeBytes(PortProtocol protocol) {
        return isCarried(protocol) || protocol == PortProtocol.UNKNOWN;
    }

    private static boolean serves(MeshScope scope, Service service, ServicePort port) {
        return scope.serves(service, port)
                && scope.imports().apply(port.number()).importsService(service.namespace(), service.host());
    }

    private List<ChainPlan> tcp(MeshScope scope, Service service, ServicePort port, int listenerPort, SourceRef at) {
        List<ChainPlan> chains = new ArrayList<>();
        for (RoutedHosts rule : rulesOf(scope, service, port)) {
            for (StreamRoute route : routes.tcp(rule.service(), new Binding(HostNames.MESH, listenerPort))) {
                ChainMatchPlan match = new ChainMatchPlan(List.of(), route.destinations(), 0, false);
                chains.add(chain("tcp." + service.host() + "." + chains.size(), match, route.route(), at));
                if (route.destinations().isEmpty()) {
                    return chains;
                }
            }
        }
        TcpRoutePlan own = routes.toService(service, port.number(), null);
        chains.add(chain("tcp." + service.host(), ChainMatchPlan.ANY, own, at));
        return chains;
    }

    private void tls(MeshScope scope, Service service, ServicePort port, int listenerPort, TlsChains chains) {
        boolean ruled = false;
        for (RoutedHosts rule : rulesOf(scope, service, port)) {
            for (StreamRoute route : routes.tls(rule.service(), new Binding(HostNames.MESH, listenerPort))) {
                ruled = true;
                chains.add(route.serverNames(), route.destinations(), route.route());
            }
        }
        if (!ruled) {
            chains.add(List.of(service.host()), List.of(), routes.toService(service, port.number(), null));
        }
    }

    /** Chains by server name, of which the first that names one has it. */
    private static final class TlsChains {
        private final SourceRef at;
        private final Set<String> taken = new HashSet<>();
        private final List<ChainPlan> made = new ArrayList<>();

        TlsChains(SourceRef at) {
            this.at = at;
        }

        void add(List<String> names, List<Cidr> destinations, TcpRoutePlan route) {
            List<String> free = names.stream()
                    .filter(name -> taken.add(name + destinations))
                    .toList();
            if (!free.isEmpty()) {
                ChainMatchPlan match = new ChainMatchPlan(free, destinations, 0, true);
                String name = "tls." + free.get(0) + (destinations.isEmpty() ? "" : destinations);
                made.add(chain(name, match, route, at));
            }
        }
    }

    private static ChainPlan chain(String name, ChainMatchPlan match, TcpRoutePlan route, SourceRef at) {
        return new ChainPlan(name, match, null, new ChainTarget.Tcp(route), at);
    }

    /** VirtualServices that speak of a service and are let in with it, in order. */
    private List<RoutedHosts> rulesOf(MeshScope scope, Service service, ServicePort port) {
        List<RoutedHosts> found = new ArrayList<>();
        for (RoutedHosts rule : rules) {
            boolean speaksOfIt = rule.hosts().stream().anyMatch(host -> HostNames.matches(host, service.host()));
            if (speaksOfIt
                    && scope.imports()
                            .apply(port.number())
                            .importsRules(rule.service().metadata().namespace(), rule.hosts())) {
                found.add(rule);
            }
        }
        return found;
    }
}
