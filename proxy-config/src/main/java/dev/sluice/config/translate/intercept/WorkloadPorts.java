package dev.sluice.config.translate.intercept;

import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.kube.KubeService;
import dev.sluice.config.crd.kube.KubeService.KubeServicePort;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.translate.registry.Labels;
import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is spoken on the ports of the workload beside this proxy, as the services say that select it by its labels. A port
 * that two services declare is what the first of them says.
 */
final class WorkloadPorts {
    private WorkloadPorts() {}

    /** Protocols by the port that the app listens on. */
    static Map<Integer, PortProtocol> of(CrdSet set, ProxyIdentity identity) {
        Map<Integer, PortProtocol> ports = new TreeMap<>();
        if (identity.labels().isEmpty()) {
            return ports;
        }
        for (KubeService service : set.services()) {
            if (selects(service.metadata().namespace(), service.selector(), identity)) {
                for (KubeServicePort port : service.ports()) {
                    add(port, ports);
                }
            }
        }
        for (ServiceEntry entry : set.serviceEntries()) {
            if (entry.workloadSelector() != null
                    && selects(
                            entry.metadata().namespace(),
                            entry.workloadSelector().labels(),
                            identity)) {
                for (ServiceEntry.ServicePort port : entry.ports()) {
                    Long target = port.targetPort() == null ? port.number() : port.targetPort();
                    if (target != null) {
                        ports.putIfAbsent(target.intValue(), PortProtocol.of(port.protocol()));
                    }
                }
            }
        }
        return ports;
    }

    private static boolean selects(String namespace, Map<String, String> selector, ProxyIdentity identity) {
        return !selector.isEmpty()
                && namespace.equals(identity.namespace())
                && Labels.carry(identity.labels(), selector);
    }

    /** A target port that is a name is the container's to say, which nobody told. */
    private static void add(KubeServicePort port, Map<Integer, PortProtocol> ports) {
        Integer number = port.port();
        if (number == null || (port.targetPort() != null && port.targetPort().number() == null)) {
            return;
        }
        Integer target = port.targetPort() == null ? number : port.targetPort().number();
        if (target != null) {
            ports.putIfAbsent(
                    target, PortProtocol.ofKubernetes(number, port.name(), port.protocol(), port.appProtocol()));
        }
    }
}
