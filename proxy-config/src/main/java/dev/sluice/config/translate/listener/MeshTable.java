package dev.sluice.config.translate.listener;

import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.HttpMatchRequest;
import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.plan.VirtualHostPlan.SkippedRulePlan;
import dev.sluice.config.translate.listener.MeshHosts.Target;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServicePort;
import dev.sluice.config.translate.route.Binding;
import dev.sluice.config.translate.route.RouteTranslator;
import dev.sluice.config.translate.route.TranslatedRoutes;
import dev.sluice.config.translate.scope.RoutedHosts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The virtual hosts of a listener on the mesh side (spec §0.3): first those of VirtualServices in their order, then the
 * default ones of services that none takes. Used for one table.
 */
final class MeshTable {
    /** The port of VirtualService hosts that are no services, and of services that lack it where a rule names it. */
    private static final int HTTP_PORT = 80;

    private final MeshScope scope;
    private final RouteTranslator routes;
    private final Domains domains;
    private final Set<String> knownHosts;
    private final Claims claims = new Claims();
    private final List<VirtualHostPlan> plans = new ArrayList<>();
    private final Map<PortOf, List<SkippedRulePlan>> skipped = new HashMap<>();
    private final Set<PortOf> done = new LinkedHashSet<>();

    /** @param knownHosts of all services: a short form that is one of them means that one */
    MeshTable(MeshScope scope, RouteTranslator routes, Domains domains, Set<String> knownHosts) {
        this.scope = scope;
        this.routes = routes;
        this.domains = domains;
        this.knownHosts = knownHosts;
    }

    /** A port of a service. */
    private record PortOf(String host, int port) {}

    /** @param groups services and VirtualServices, apart by what lets them in */
    List<VirtualHostPlan> build(List<MeshHosts> groups) {
        for (MeshHosts group : groups) {
            for (RoutedHosts rules : group.rules()) {
                attach(rules, group);
            }
        }
        for (MeshHosts group : groups) {
            for (Target target : group.targets()) {
                for (ServicePort port : target.ports()) {
                    defaultHost(target.service(), port);
                }
            }
        }
        return plans;
    }

    private void attach(RoutedHosts rules, MeshHosts group) {
        Set<Target> attached = new LinkedHashSet<>();
        List<String> own = new ArrayList<>();
        for (String host : rules.hosts()) {
            if (!group.attach(host, rules, attached)) {
                own.add(host);
            }
        }
        Set<Integer> ports = new TreeSet<>();
        for (Target target : attached) {
            target.ports().forEach(port -> ports.add(port.number()));
        }
        boolean http = scope.serves(HTTP_PORT) && group.holds(HTTP_PORT);
        if (ports.isEmpty() && http) {
            ports.add(HTTP_PORT);
        }
        Set<Integer> ruled = new HashSet<>();
        for (int port : ports) {
            TranslatedRoutes made = routes.translate(rules.service(), new Binding(HostNames.MESH, port));
            if (!made.routes().isEmpty()) {
                ruled.add(port);
            }
            for (String host : own) {
                if (!made.routes().isEmpty()) {
                    int behind = scope.onlyPort() == 0 && ports.size() > 1 ? port : 0;
                    add(host, port, claims.take(names(host), behind), made.routes(), made.skipped());
                }
            }
            for (Target target : attached) {
                if (target.port(port)) {
                    serviceHost(target.service(), port, made);
                }
            }
        }
        if (http && namesHttpPort(rules.service())) {
            beside(rules, attached, ruled);
        }
    }

    /**
     * Port 80 of services that lack it, as in Istio: there their hosts are no services. So what leads plain HTTP of a TLS
     * service to an egress gateway is not passed by for the service's own port, about which the rules say nothing.
     *
     * @param ruled ports of the services that some rule is for; a service whose only port is among them is meant by that
     */
    private void beside(RoutedHosts rules, Set<Target> attached, Set<Integer> ruled) {
        TranslatedRoutes made = routes.translate(rules.service(), new Binding(HostNames.MESH, HTTP_PORT));
        for (Target target : attached) {
            String host = target.service().host();
            ServicePort only = target.service().onlyPort();
            boolean meant = only == null || !ruled.contains(only.number());
            if (meant
                    && !target.port(HTTP_PORT)
                    && rules.hosts().contains(host)
                    && !made.routes().isEmpty()) {
                int behind = scope.onlyPort() == 0 ? HTTP_PORT : 0;
                add(host, HTTP_PORT, claims.take(names(host), behind), made.routes(), made.skipped());
            }
        }
    }

    private static boolean namesHttpPort(VirtualService service) {
        for (HttpRoute rule : service.http()) {
            for (HttpMatchRequest block : rule.match()) {
                if (block.port() != null && block.port() == HTTP_PORT) {
                    return true;
                }
            }
        }
        return false;
    }

    /** With every rule filtered out it is as if the VirtualService did not exist here: the service keeps its own route. */
    private void serviceHost(Service service, int port, TranslatedRoutes made) {
        PortOf key = new PortOf(service.host(), port);
        if (made.routes().isEmpty()) {
            skipped.computeIfAbsent(key, added -> new ArrayList<>()).addAll(made.skipped());
        } else if (done.add(key)) {
            add(service.host(), port, claim(service, port), made.routes(), made.skipped());
        }
    }

    private void defaultHost(Service service, ServicePort port) {
        PortOf key = new PortOf(service.host(), port.number());
        if (done.add(key)) {
            add(
                    service.host(),
                    port.number(),
                    claim(service, port.number()),
                    List.of(routes.toService(service, port)),
                    skipped.getOrDefault(key, List.of()));
        }
    }

    private List<String> claim(Service service, int port) {
        List<String> names = new ArrayList<>(names(service.host()));
        if (service.headless() && scope.redirected()) {
            names.addAll(Domains.below(names)); // each endpoint has a name of its own
        }
        List<String> addresses = Domains.addresses(service);
        names.addAll(addresses);
        if (scope.onlyPort() != 0) {
            return claims.take(names, 0);
        }
        if (service.onlyPort() == null) {
            return claims.take(names, port);
        }
        // Services may share an address by having different ports of it.
        List<String> won = claims.take(names, 0);
        won.addAll(claims.take(addresses, port));
        return won;
    }

    private List<String> names(String host) {
        List<String> names = new ArrayList<>();
        for (String full : Domains.full(host)) {
            names.add(Domains.written(full));
        }
        for (String form : domains.shortForms(host)) {
            if (!knownHosts.contains(form)) {
                names.add(form);
            }
        }
        return names;
    }

    private void add(String host, int port, List<String> won, List<RoutePlan> made, List<SkippedRulePlan> left) {
        if (!won.isEmpty()) {
            plans.add(new VirtualHostPlan(Domains.written(host) + ":" + port, won, made, left, false));
        }
    }
}
