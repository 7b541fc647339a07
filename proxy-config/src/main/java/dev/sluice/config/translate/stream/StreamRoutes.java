package dev.sluice.config.translate.stream;

import dev.sluice.config.crd.Destination;
import dev.sluice.config.crd.TcpRoute;
import dev.sluice.config.crd.TcpRoute.L4MatchAttributes;
import dev.sluice.config.crd.TcpRoute.RouteDestination;
import dev.sluice.config.crd.TlsRoute;
import dev.sluice.config.crd.TlsRoute.TlsMatchAttributes;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.chain.Cidr;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import dev.sluice.config.plan.chain.TcpRoutePlan.TcpDestination;
import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.config.translate.cluster.StreamPolicies;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.route.Binding;
import dev.sluice.config.translate.route.Destinations;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.config.translate.scope.VisibleServices;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns the {@code tcp} and {@code tls} rules of VirtualServices into routes of bytes (spec §1.11). */
public final class StreamRoutes {
    private final ProxyIdentity identity;
    private final VisibleServices services;
    private final Destinations destinations;
    private final StreamPolicies policies;

    public StreamRoutes(
            ProxyIdentity identity, VisibleServices services, Destinations destinations, StreamPolicies policies) {
        this.identity = identity;
        this.services = services;
        this.destinations = destinations;
        this.policies = policies;
    }

    /**
     * The {@code tcp} rules that may take connections of a binding, in order. The first without ranges of destinations is the
     * last: it takes every connection.
     */
    public List<StreamRoute> tcp(VirtualService service, Binding binding) {
        List<StreamRoute> routes = new ArrayList<>();
        for (int i = 0; i < service.tcp().size(); i++) {
            TcpRoute rule = service.tcp().get(i);
            List<Cidr> ranges = new ArrayList<>();
            boolean every = rule.match().isEmpty();
            for (L4MatchAttributes block : rule.match()) {
                StreamFilter filter =
                        new StreamFilter(block.port(), block.gateways(), block.sourceLabels(), block.sourceNamespace());
                if (!every && filter.admits(identity, service.metadata().namespace(), binding)) {
                    every = block.destinationSubnets().isEmpty();
                    ranges.addAll(ranges(block.destinationSubnets()));
                }
            }
            if (every || !ranges.isEmpty()) {
                RuleRef ref = ref(service, i, -1, rule.at().ref());
                TcpRoutePlan route = new TcpRoutePlan(ref, destinations(service, rule.route(), binding));
                routes.add(new StreamRoute(List.of(), every ? List.of() : ranges, route));
            }
            if (every) {
                break;
            }
        }
        return routes;
    }

    /** The {@code tls} rules that may take connections of a binding, one a match block, in order. */
    public List<StreamRoute> tls(VirtualService service, Binding binding) {
        List<StreamRoute> routes = new ArrayList<>();
        for (int i = 0; i < service.tls().size(); i++) {
            TlsRoute rule = service.tls().get(i);
            for (int j = 0; j < rule.match().size(); j++) {
                TlsMatchAttributes block = rule.match().get(j);
                StreamFilter filter =
                        new StreamFilter(block.port(), block.gateways(), block.sourceLabels(), block.sourceNamespace());
                if (filter.admits(identity, service.metadata().namespace(), binding)) {
                    RuleRef ref = ref(service, i, j, rule.at().ref());
                    TcpRoutePlan route = new TcpRoutePlan(ref, destinations(service, rule.route(), binding));
                    routes.add(new StreamRoute(
                            block.sniHosts().stream()
                                    .map(host -> host.toLowerCase(Locale.ROOT))
                                    .distinct()
                                    .toList(),
                            ranges(block.destinationSubnets()),
                            route));
                }
            }
        }
        return routes;
    }

    /** The route of a service's port, or of a subset of it, that no rule takes. */
    public TcpRoutePlan toService(Service service, int port, @Nullable String subset) {
        Destinations.Found found = destinations.find(service, port, subset);
        return new TcpRoutePlan(RuleRef.DEFAULT, List.of(destination(found, 1, service.at())));
    }

    /** The same for TLS that goes on to the endpoints unopened: what a DestinationRule wraps connections in is not added. */
    public TcpRoutePlan toServiceAsItCame(Service service, int port, @Nullable String subset) {
        TcpDestination to = toService(service, port, subset).destinations().get(0);
        return new TcpRoutePlan(
                RuleRef.DEFAULT,
                List.of(new TcpDestination(
                        to.cluster(), 1, to.bySourceIp(), to.idleTimeoutMillis(), null, true, to.at())));
    }

    /**
     * A route of everything to one destination, which nobody wrote as a rule.
     *
     * @param namespace what a short host belongs to
     */
    public TcpRoutePlan toDestination(Destination destination, String namespace, int port) {
        Destinations.Found found = destinations.find(destination, namespace, port);
        return new TcpRoutePlan(
                RuleRef.DEFAULT, List.of(destination(found, 1, destination.at().ref())));
    }

    /** A route of what nobody declared to where it was going. */
    public TcpRoutePlan passthrough() {
        long idleMillis = policies.unset().idleTimeoutMillis();
        return new TcpRoutePlan(
                RuleRef.DEFAULT, List.of(TcpDestination.plain(ClusterKey.PASSTHROUGH, 1, idleMillis, SourceRef.NONE)));
    }

    /** Names of the subsets of a service, in order. */
    public Set<String> subsets(Service service) {
        return policies.subsets(service);
    }

    private List<TcpDestination> destinations(VirtualService service, List<RouteDestination> written, Binding binding) {
        boolean single = written.size() == 1;
        List<TcpDestination> chosen = new ArrayList<>(written.size());
        for (RouteDestination entry : written) {
            int weight = single ? 1 : entry.weight() == null ? 0 : entry.weight();
            Destination to = entry.destination();
            if (weight > 0 && to != null) {
                Destinations.Found found =
                        destinations.find(to, service.metadata().namespace(), binding.port());
                chosen.add(destination(found, weight, to.at().ref()));
            }
        }
        return chosen;
    }

    private TcpDestination destination(Destinations.Found found, int weight, SourceRef at) {
        ClusterKey key = found.cluster();
        Service service = services.get(key.host());
        boolean bySourceIp = found.hash().keys().contains(new HashPlan.Key.SourceIp());
        StreamPolicies.Policy policy =
                service == null ? policies.unset() : policies.of(service, key.subset(), key.port());
        return new TcpDestination(key, weight, bySourceIp, policy.idleTimeoutMillis(), policy.tunnel(), false, at);
    }

    private static List<Cidr> ranges(List<String> written) {
        List<Cidr> ranges = new ArrayList<>(written.size());
        for (String range : written) {
            Cidr parsed = Ranges.parse(range);
            if (parsed != null) {
                ranges.add(parsed);
            }
        }
        return ranges;
    }

    private static RuleRef ref(VirtualService service, int index, int matchIndex, SourceRef at) {
        return new RuleRef(service.metadata().id(), index, matchIndex, null, at);
    }
}
