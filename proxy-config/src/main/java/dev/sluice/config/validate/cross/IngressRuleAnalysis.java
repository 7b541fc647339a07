package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.Destination;
import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.world.World;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A gateway routes by its own VirtualServices only: where one sends a host's requests on without a subset, the subsets
 * that the host's own VirtualService chooses are not chosen for them (IST0140).
 */
final class IngressRuleAnalysis {
    private IngressRuleAnalysis() {}

    static void run(World world) {
        Map<String, VirtualService> subsetting = new HashMap<>();
        for (VirtualService service : world.set().virtualServices()) {
            addSubsetting(service, subsetting);
        }
        for (VirtualService service : world.set().virtualServices()) {
            if (service.gateways().stream().anyMatch(gateway -> !gateway.equals(HostNames.MESH))) {
                service.http().forEach(route -> route.route().forEach(target -> {
                    if (target.destination() != null) {
                        check(service, target.destination(), subsetting, world);
                    }
                }));
            }
        }
    }

    private static void check(
            VirtualService service, Destination target, Map<String, VirtualService> subsetting, World world) {
        if (target.host() == null
                || (target.subset() != null && !target.subset().isEmpty())) {
            return;
        }
        VirtualService mesh = subsetting.get(
                HostNames.expand(target.host(), service.metadata().namespace()));
        if (mesh != null && !World.same(mesh, service)) {
            world.report(service)
                    .add(
                            Severity.WARNING,
                            Codes.INGRESS_RULES_WITHOUT_EFFECT,
                            Place.of(target.at(), "host"),
                            "the subsets of " + Quote.of(target.host()) + " that VirtualService "
                                    + mesh.metadata().id() + " chooses have no effect on requests of a gateway");
        }
    }

    /** Of a host's VirtualService for the mesh, the host, where it sends that host's own requests to a subset. */
    private static void addSubsetting(VirtualService service, Map<String, VirtualService> subsetting) {
        if (!service.gateways().isEmpty() && !service.gateways().contains(HostNames.MESH)) {
            return;
        }
        String namespace = service.metadata().namespace();
        Set<String> hosts = new HashSet<>();
        service.hosts().forEach(host -> hosts.add(HostNames.expand(host, namespace)));
        for (HttpRoute route : service.http()) {
            for (HttpRoute.HttpRouteDestination target : route.route()) {
                Destination destination = target.destination();
                if (destination != null
                        && destination.host() != null
                        && destination.subset() != null
                        && !destination.subset().isEmpty()) {
                    String host = HostNames.expand(destination.host(), namespace);
                    if (hosts.contains(host)) {
                        subsetting.putIfAbsent(host, service);
                    }
                }
            }
        }
    }
}
