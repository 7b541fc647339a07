package dev.sluice.config.translate.registry;

import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.kube.KubeService;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.translate.notice.Notices;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * All services of a configuration. Kubernetes' Services come first, so that they win over a ServiceEntry of the same
 * namespace and host (whose endpoints are added to theirs); then by name. Immutable.
 */
public final class ServiceRegistry {
    private final List<Service> services;
    private final Map<String, List<Service>> byHost = new HashMap<>();

    private ServiceRegistry(List<Service> services) {
        this.services = List.copyOf(services);
        for (Service service : services) {
            byHost.computeIfAbsent(service.host(), host -> new ArrayList<>(1)).add(service);
        }
    }

    /** @param domain of the cluster, such as {@code cluster.local} */
    public static ServiceRegistry of(CrdSet set, String domain, Notices notices) {
        WorkloadEntries workloads = new WorkloadEntries(set.workloadEntries());
        Map<String, ServiceDraft> drafts = new LinkedHashMap<>();
        Map<String, String> aliases = new LinkedHashMap<>();
        KubeServices kube = new KubeServices(set, workloads, notices);
        for (KubeService service : set.services()) {
            ServiceDraft draft = kube.draft(service, domain);
            String key = ServiceEntries.key(draft.declaration.namespace(), draft.host);
            drafts.put(key, draft);
            String alias = service.externalName();
            if (service.type() == KubeService.Type.ExternalName && alias != null) {
                String lower = alias.toLowerCase(Locale.ROOT);
                aliases.put(draft.host, lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower);
            }
        }
        ServiceEntries entries = new ServiceEntries(workloads, new ServingPods(set, workloads), drafts, notices);
        for (ServiceEntry entry : set.serviceEntries()) {
            entries.add(entry);
        }
        List<Service> services = new ArrayList<>(drafts.size());
        for (ServiceDraft draft : drafts.values()) {
            services.add(draft.finished());
        }
        return new ServiceRegistry(services).withoutAliases(aliases);
    }

    /** Every service, in order of precedence. */
    public List<Service> services() {
        return services;
    }

    /** The services of one host, of several namespaces, in order of precedence. */
    public List<Service> of(String host) {
        return byHost.getOrDefault(host, List.of());
    }

    /**
     * An ExternalName that names another service of the registry is that service (no DNS knows it here), and one that names
     * another ExternalName means what that one means.
     */
    private ServiceRegistry withoutAliases(Map<String, String> aliases) {
        if (aliases.isEmpty()) {
            return this;
        }
        List<Service> resolved = new ArrayList<>(services.size());
        for (Service service : services) {
            resolved.add(
                    aliases.containsKey(service.host()) && service.declaration().kubernetes()
                            ? resolve(service, aliases)
                            : service);
        }
        return new ServiceRegistry(resolved);
    }

    private Service resolve(Service alias, Map<String, String> aliases) {
        Set<String> seen = new HashSet<>();
        String host = alias.host();
        while (aliases.containsKey(host) && seen.add(host)) {
            host = aliases.get(host);
        }
        if (aliases.containsKey(host)) {
            return alias; // a circle: it names nothing
        }
        List<Service> targets = of(host);
        boolean known = !targets.isEmpty();
        List<ServicePort> ports = new ArrayList<>();
        for (ServicePort port : known ? targets.get(0).ports() : alias.ports()) {
            EndpointPlan outside = new EndpointPlan(host, port.number(), 1, null, Map.of());
            ports.add(known ? port : new ServicePort(port.number(), port.name(), port.protocol(), List.of(outside)));
        }
        return new Service(
                alias.host(),
                alias.declaration(),
                known ? targets.get(0).discovery() : Discovery.STRICT_DNS,
                ports,
                VirtualIps.ELSEWHERE,
                known ? targets.get(0).nearness() : alias.nearness(),
                known ? targets.get(0) : null,
                List.of());
    }
}
