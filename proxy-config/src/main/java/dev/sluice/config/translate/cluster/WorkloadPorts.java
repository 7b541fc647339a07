package dev.sluice.config.translate.cluster;

import dev.sluice.config.crd.Labels;
import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.kube.KubeService;
import dev.sluice.config.crd.kube.KubeService.KubeServicePort;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the services that select the workload beside this proxy by its labels say of its ports. A port that two services
 * declare is what the first of them says.
 */
public final class WorkloadPorts {
    private final ProxyIdentity identity;
    private final Map<Integer, WorkloadPort> ports = new TreeMap<>();

    private WorkloadPorts(ProxyIdentity identity) {
        this.identity = identity;
    }

    /**
     * A port that the app listens on.
     *
     * @param protocol what is spoken on it
     * @param host of the service
     * @param servicePort of the service, by which its clients know it
     */
    public record WorkloadPort(PortProtocol protocol, String host, int servicePort) {}

    /** By the port that the app listens on. */
    public static Map<Integer, WorkloadPort> of(CrdSet set, ProxyIdentity identity) {
        if (identity.labels().isEmpty()) {
            return Map.of();
        }
        WorkloadPorts found = new WorkloadPorts(identity);
        for (KubeService service : set.services()) {
            if (found.selects(service.metadata().namespace(), service.selector())) {
                String host =
                        service.metadata().name() + "." + service.metadata().namespace() + ".svc." + identity.domain();
                service.ports().forEach(port -> found.add(host.toLowerCase(Locale.ROOT), port));
            }
        }
        for (ServiceEntry entry : set.serviceEntries()) {
            if (entry.workloadSelector() != null
                    && !entry.hosts().isEmpty()
                    && found.selects(
                            entry.metadata().namespace(),
                            entry.workloadSelector().labels())) {
                String host = entry.hosts().get(0).toLowerCase(Locale.ROOT);
                entry.ports().forEach(port -> found.add(host, port));
            }
        }
        return Collections.unmodifiableMap(found.ports);
    }

    private boolean selects(String namespace, Map<String, String> selector) {
        return !selector.isEmpty()
                && namespace.equals(identity.namespace())
                && Labels.carry(identity.labels(), selector);
    }

    private void add(String host, ServiceEntry.ServicePort port) {
        Long target = port.targetPort() == null ? port.number() : port.targetPort();
        if (target != null && port.number() != null) {
            ports.putIfAbsent(
                    target.intValue(),
                    new WorkloadPort(
                            PortProtocol.of(port.protocol()),
                            host,
                            port.number().intValue()));
        }
    }

    /** A target port that is a name is the container's to say, which nobody told; nothing but TCP is redirected. */
    private void add(String host, KubeServicePort port) {
        Integer number = port.port();
        if (number == null
                || !port.isTcp()
                || (port.targetPort() != null && port.targetPort().number() == null)) {
            return;
        }
        Integer target = port.targetPort() == null ? number : port.targetPort().number();
        if (target != null) {
            PortProtocol protocol = PortProtocol.ofKubernetes(number, port.name(), port.protocol(), port.appProtocol());
            ports.putIfAbsent(target, new WorkloadPort(protocol, host, number));
        }
    }
}
