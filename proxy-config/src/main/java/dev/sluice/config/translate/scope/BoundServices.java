package dev.sluice.config.translate.scope;

import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.translate.scope.ExportTo.Reach;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The VirtualServices that exist for this proxy, by the gateway they are bound to. Those private to its namespace come
 * first, then those exported to it, then public ones; within each by name (spec §0.3).
 */
public final class BoundServices {
    private static final Set<String> MESH_ONLY = Set.of(HostNames.MESH);

    private final Map<Reach, Map<String, List<RoutedHosts>>> byReach = new EnumMap<>(Reach.class);

    public BoundServices(CrdSet set, ProxyIdentity identity, Mesh mesh) {
        for (VirtualService service : set.virtualServices()) {
            String own = service.metadata().namespace();
            Reach reach = ExportTo.reach(service.exportTo(), mesh.virtualServiceExportTo(), own, identity.namespace());
            // Without hosts it is a delegate: it does nothing by itself.
            if (reach != null && !service.hosts().isEmpty()) {
                RoutedHosts routed = new RoutedHosts(service, hosts(service, identity.domain()));
                Map<String, List<RoutedHosts>> byGateway = byReach.computeIfAbsent(reach, key -> new HashMap<>());
                for (String gateway : gateways(service)) {
                    byGateway.computeIfAbsent(gateway, id -> new ArrayList<>()).add(routed);
                }
            }
        }
    }

    /** @param gateway {@code ns/name}, or {@code mesh} */
    public List<RoutedHosts> of(String gateway) {
        List<RoutedHosts> bound = new ArrayList<>();
        for (Reach reach : Reach.values()) {
            bound.addAll(byReach.getOrDefault(reach, Map.of()).getOrDefault(gateway, List.of()));
        }
        return bound;
    }

    private static Set<String> gateways(VirtualService service) {
        if (service.gateways().isEmpty()) {
            return MESH_ONLY;
        }
        Set<String> gateways = new LinkedHashSet<>();
        for (String gateway : service.gateways()) {
            gateways.add(HostNames.gateway(gateway, service.metadata().namespace()));
        }
        return gateways;
    }

    private static List<String> hosts(VirtualService service, String domain) {
        List<String> hosts = new ArrayList<>(service.hosts().size());
        for (String host : service.hosts()) {
            hosts.add(HostNames.expand(host, service.metadata().namespace(), domain));
        }
        return hosts;
    }
}
