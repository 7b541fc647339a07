package dev.sluice.config.translate.intercept;

import dev.sluice.config.crd.HostIndex;
import dev.sluice.config.crd.HostNames;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.chain.Cidr;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServicePort;
import dev.sluice.config.translate.route.Binding;
import dev.sluice.config.translate.scope.BoundServices;
import dev.sluice.config.translate.scope.RoutedHosts;
import dev.sluice.config.translate.scope.SidecarScope;
import dev.sluice.config.translate.stream.StreamRoute;
import dev.sluice.config.translate.stream.StreamRoutes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The chains of services' ports that carry bytes (spec §1.11): what the {@code tcp} or {@code tls} rules of the VirtualService
 * say that has the service, the exact host before the most specific wildcard; else to the service itself.
 */
final class StreamChains {
    private final SidecarScope scope;
    private final StreamRoutes routes;
    private final Chains chains;
    private final HostIndex<RoutedHosts> rules = new HostIndex<>();

    StreamChains(SidecarScope scope, BoundServices bound, StreamRoutes routes, Chains chains) {
        this.scope = scope;
        this.routes = routes;
        this.chains = chains;
        for (RoutedHosts routed : bound.of(HostNames.MESH)) {
            if (!routed.service().tcp().isEmpty() || !routed.service().tls().isEmpty()) {
                routed.hosts().forEach(host -> rules.add(host, routed));
            }
        }
    }

    /** Bytes of a service's port, to its addresses; without any, to the port of every address. */
    void tcp(Service service, ServicePort port, List<Cidr> destinations) {
        String name = "tcp." + service.host() + ":" + port.number();
        RoutedHosts routed = rules(service, port);
        if (routed != null) {
            for (StreamRoute route : routes.tcp(routed.service(), binding(port))) {
                List<Cidr> to = route.destinations().isEmpty() ? destinations : route.destinations();
                chains.tcp(name, to, port.number(), route.route(), at(service));
            }
        }
        // Where a rule took them all this one claims nothing.
        chains.tcp(name, destinations, port.number(), routes.toService(service, port.number(), null), at(service));
    }

    /**
     * TLS of a service's port. Where {@code tls} rules are for it they alone say what is its traffic, by server name, as in
     * Istio: what none of them takes is nobody's. Else everything that is sent to its addresses is the service's and, without
     * any, TLS for its name.
     */
    void tls(Service service, ServicePort port, List<Cidr> destinations) {
        String name = "tls." + service.host() + ":" + port.number();
        RoutedHosts routed = rules(service, port);
        List<StreamRoute> ruled = routed == null ? List.of() : routes.tls(routed.service(), binding(port));
        for (StreamRoute route : ruled) {
            List<Cidr> to = route.destinations().isEmpty() ? destinations : route.destinations();
            chains.tls(name, route.serverNames(), to, port.number(), route.route(), at(service));
        }
        if (!ruled.isEmpty()) {
            return;
        }
        if (!destinations.isEmpty()) {
            tcp(service, port, destinations);
        } else {
            List<String> host = List.of(service.host());
            chains.tls(
                    name, host, List.of(), port.number(), routes.toService(service, port.number(), null), at(service));
        }
    }

    private static Binding binding(ServicePort port) {
        return new Binding(HostNames.MESH, port.number());
    }

    private static SourceRef at(Service service) {
        return service.at();
    }

    /** Of several with one host the first has the service. */
    private @Nullable RoutedHosts rules(Service service, ServicePort port) {
        Best best = new Best();
        rules.forEachCovering(service.host(), (host, routed) -> {
            String namespace = routed.service().metadata().namespace();
            if (scope.importsOfRedirected(port.number()).importsRules(namespace, routed.hosts())) {
                best.offer(routed);
            }
        });
        return best.rules;
    }

    /** The first offered, which is that of the most specific host. */
    private static final class Best {
        private @Nullable RoutedHosts rules;

        void offer(RoutedHosts by) {
            if (rules == null) {
                rules = by;
            }
        }
    }
}
