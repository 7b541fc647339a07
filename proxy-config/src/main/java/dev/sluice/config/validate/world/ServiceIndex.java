package dev.sluice.config.validate.world;

import dev.sluice.config.crd.HostIndex;
import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.kube.KubeService;
import dev.sluice.config.crd.kube.KubeService.KubeServicePort;
import dev.sluice.config.crd.mesh.MeshConfig;
import dev.sluice.config.crd.read.CrdSet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every service that the documents declare, by host. */
public final class ServiceIndex {
    private static final String EXPORT_TO = "networking.istio.io/exportTo";

    private final HostIndex<Service> byHost = new HostIndex<>();
    private final Set<String> hosts = new LinkedHashSet<>();

    ServiceIndex(CrdSet set) {
        MeshConfig mesh = set.mesh();
        for (KubeService service : set.services()) {
            String namespace = service.metadata().namespace();
            List<Long> ports = new ArrayList<>();
            for (KubeServicePort port : service.ports()) {
                if (port.port() != null) {
                    ports.add(port.port().longValue());
                }
            }
            List<String> exportTo = Scopes.annotation(service.metadata().annotation(EXPORT_TO));
            add(new Service(
                    service,
                    HostNames.expand(service.metadata().name(), namespace),
                    Scopes.of(exportTo, mesh.defaultServiceExportTo(), namespace),
                    ports));
        }
        for (ServiceEntry entry : set.serviceEntries()) {
            Set<String> scopes = Scopes.of(
                    entry.exportTo(),
                    mesh.defaultServiceExportTo(),
                    entry.metadata().namespace());
            List<Long> ports = new ArrayList<>();
            for (ServiceEntry.ServicePort port : entry.ports()) {
                if (port.number() != null) {
                    ports.add(port.number());
                }
            }
            for (String host : entry.hosts()) {
                add(new Service(entry, host.toLowerCase(Locale.ROOT), scopes, ports));
            }
        }
    }

    private void add(Service service) {
        byHost.add(service.host(), service);
        hosts.add(service.host());
    }

    /** The service of exactly that host, else of the most specific wildcard, that a namespace sees; or null. */
    @Nullable
    public Service visible(String host, String namespace) {
        for (Service service : byHost.get(host)) {
            if (service.isVisibleIn(namespace)) {
                return service;
            }
        }
        List<Service> found = new ArrayList<>(1);
        byHost.forEachCovering(host, (name, service) -> {
            if (found.isEmpty() && service.isVisibleIn(namespace)) {
                found.add(service);
            }
        });
        return found.isEmpty() ? null : found.get(0);
    }

    /**
     * The same for who names it in an object that may be exported: seen from the object's namespace or from one of those.
     *
     * @param exportTo as the object has it; empty says nothing
     */
    @Nullable
    public Service visible(String host, String namespace, List<String> exportTo) {
        Service service = visible(host, namespace);
        if (service == null && !exportTo.isEmpty()) {
            for (String scope : Scopes.of(exportTo, List.of(), namespace)) {
                service = service == null ? visible(host, scope) : service;
            }
        }
        return service;
    }

    /** Whether there is a service of that host or covering it, seen or not. */
    public boolean exists(String host) {
        return byHost.covers(host);
    }

    /** Whether a rule's host, wildcard or not, is about any service. */
    public boolean matches(String host) {
        return byHost.firstMatching(host) != null;
    }

    /** Every host. */
    public Set<String> hosts() {
        return hosts;
    }
}
