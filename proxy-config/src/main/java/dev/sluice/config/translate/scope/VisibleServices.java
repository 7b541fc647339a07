package dev.sluice.config.translate.scope;

import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServiceRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The services that exist for this proxy, one a host. Of several namespaces' services of one host it is the one that the
 * Sidecar lets in, the earlier egress listener first; then the one of the proxy's own namespace; then the first.
 */
public final class VisibleServices {
    private final Map<String, Service> byHost = new LinkedHashMap<>();

    public VisibleServices(ServiceRegistry registry, ProxyIdentity identity, Mesh mesh, SidecarScope scope) {
        for (Service service : registry.services()) {
            if (!byHost.containsKey(service.host())) {
                Service chosen = choose(candidates(registry, service.host(), identity, mesh), scope);
                if (chosen != null) {
                    byHost.put(service.host(), chosen);
                }
            }
        }
    }

    /** The service of that host, or null. */
    public @Nullable Service get(String host) {
        return byHost.get(host);
    }

    /** All of them, in order of precedence. */
    public Collection<Service> all() {
        return Collections.unmodifiableCollection(byHost.values());
    }

    private static List<Service> candidates(ServiceRegistry registry, String host, ProxyIdentity identity, Mesh mesh) {
        List<Service> own = new ArrayList<>(1);
        List<Service> others = new ArrayList<>(1);
        for (Service service : registry.of(host)) {
            String namespace = service.namespace();
            if (ExportTo.visible(
                    service.declaration().exportTo(), mesh.serviceExportTo(), namespace, identity.namespace())) {
                (namespace.equals(identity.namespace()) ? own : others).add(service);
            }
        }
        own.addAll(others);
        return own;
    }

    private static @Nullable Service choose(List<Service> candidates, SidecarScope scope) {
        if (candidates.size() > 1) {
            for (SidecarScope.Egress listener : scope.egress()) {
                for (Service candidate : candidates) {
                    if (listener.hosts().importsService(candidate.namespace(), candidate.host())) {
                        return candidate;
                    }
                }
            }
        }
        return candidates.isEmpty() ? null : candidates.get(0);
    }
}
