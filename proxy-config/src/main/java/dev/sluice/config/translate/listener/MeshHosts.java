package dev.sluice.config.translate.listener;

import dev.sluice.config.crd.HostIndex;
import dev.sluice.config.crd.HostNames;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServicePort;
import dev.sluice.config.translate.scope.EgressHosts;
import dev.sluice.config.translate.scope.RoutedHosts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The services and VirtualServices that one {@link EgressHosts} lets in to a listener, and who takes whom. */
final class MeshHosts {
    private final EgressHosts imports;
    private final MeshScope scope;
    private final Map<String, Target> byHost = new LinkedHashMap<>();
    /** By the host that rules for them have: a service's own, or that of the service of which it is another name. */
    private final HostIndex<Target> index = new HostIndex<>();
    /** The other names of a service, by its own. */
    private final Map<String, List<Target>> aliases = new HashMap<>();

    private final List<RoutedHosts> rules = new ArrayList<>();
    /** Hosts to the first VirtualService that has them. */
    private final Map<String, String> exact = new HashMap<>();

    private final HostIndex<String> wildcards = new HostIndex<>();

    private MeshHosts(EgressHosts imports, MeshScope scope) {
        this.imports = imports;
        this.scope = scope;
    }

    /** A service with those of its ports that are HTTP and let in here. */
    record Target(Service service, List<ServicePort> ports) {
        boolean port(int number) {
            for (ServicePort port : ports) {
                if (port.number() == number) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * Services and VirtualServices, apart by what lets them in: as a rule that is one for all ports.
     *
     * @param rules bound to the mesh, in order
     */
    static List<MeshHosts> groups(MeshScope scope, Collection<Service> services, List<RoutedHosts> rules) {
        IdentityHashMap<EgressHosts, MeshHosts> byImports = new IdentityHashMap<>();
        List<MeshHosts> groups = new ArrayList<>();
        Function<EgressHosts, MeshHosts> make = imports -> {
            MeshHosts group = new MeshHosts(imports, scope);
            groups.add(group);
            return group;
        };
        // VirtualServices whose hosts are no services are of port 80.
        byImports.computeIfAbsent(scope.imports().apply(80), make);
        for (Service service : services) {
            for (ServicePort port : service.ports()) {
                EgressHosts imports = scope.imports().apply(port.number());
                if (port.protocol().maybeHttp()
                        && scope.serves(service, port)
                        && imports.importsService(service.namespace(), service.host())) {
                    byImports.computeIfAbsent(imports, make).add(service, port);
                }
            }
        }
        groups.forEach(group -> group.addRules(rules));
        return groups;
    }

    private void add(Service service, ServicePort port) {
        Target target = byHost.get(service.host());
        if (target == null) {
            target = new Target(service, new ArrayList<>(1));
            byHost.put(service.host(), target);
            Service named = service.standsFor();
            index.add(named == null ? service.host() : named.host(), target);
            if (named != null) {
                aliases.computeIfAbsent(named.host(), host -> new ArrayList<>(1))
                        .add(target);
            }
        }
        target.ports().add(port);
    }

    private void addRules(List<RoutedHosts> all) {
        for (RoutedHosts routed : all) {
            String namespace = routed.service().metadata().namespace();
            if (imports.importsRules(namespace, routed.hosts())) {
                rules.add(routed);
                String id = routed.service().metadata().id();
                for (String host : routed.hosts()) {
                    if (HostNames.isWildcard(host)) {
                        wildcards.add(host, id);
                    } else {
                        exact.putIfAbsent(host, id);
                    }
                }
            }
        }
    }

    Collection<Target> targets() {
        return byHost.values();
    }

    List<RoutedHosts> rules() {
        return rules;
    }

    /** Whether a port's traffic is this group's. */
    boolean holds(int port) {
        return scope.imports().apply(port) == imports;
    }

    /**
     * Attaches a VirtualService to the services that one of its hosts is for: the service of that name, or those under a
     * wildcard that no other VirtualService is more specific for. A VirtualService of a service is for its other names, too,
     * but for those that have one of their own. False when there is no such service.
     */
    boolean attach(String host, RoutedHosts by, Set<Target> attached) {
        if (!HostNames.isWildcard(host)) {
            Target target = byHost.get(host);
            if (target != null) {
                attached.add(target);
            }
            for (Target alias : aliases.getOrDefault(host, List.of())) {
                if (!named(alias)) {
                    attached.add(alias);
                }
            }
            return target != null;
        }
        String id = by.service().metadata().id();
        boolean[] found = new boolean[1];
        index.forEachCovered(host, (name, target) -> {
            if (id.equals(owner(name)) && !(target.service().standsFor() != null && named(target))) {
                attached.add(target);
                found[0] = true;
            }
        });
        return found[0];
    }

    private boolean named(Target target) {
        return exact.containsKey(target.service().host());
    }

    private @Nullable String owner(String host) {
        String named = exact.get(host);
        if (named != null) {
            return named;
        }
        List<String> covering = wildcards.mostSpecific(host);
        return covering.isEmpty() ? null : covering.get(0);
    }
}
