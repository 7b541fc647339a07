package dev.sluice.config.translate.cluster;

import dev.sluice.config.crd.Labels;
import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.WorkloadEntry;
import dev.sluice.config.crd.WorkloadSelector;
import dev.sluice.config.crd.kube.KubeService;
import dev.sluice.config.crd.kube.KubeService.KubeServicePort;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.plan.UnixSocket;
import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What the services that select the workload beside this proxy by its labels say of its ports: first under the numbers that
 * its WorkloadEntry has for them, then under those that the services do, which hold for workloads without one. Istio knows the
 * entry by the proxy's address; here every one that a service selects may be it whose labels do not contradict the proxy's. A
 * port that two services declare is what the first of them says.
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
        List<Selecting> services = found.services(set);
        if (!services.isEmpty()) {
            List<WorkloadEntry> entries = set.in(WorkloadEntry.class, identity.namespace()).stream()
                    .filter(found::mayBe)
                    .toList();
            for (Selecting service : services) {
                for (WorkloadEntry entry : entries) {
                    if (Labels.carry(entry.labels(), service.selector)) {
                        found.addAll(service, entry.spec().ports());
                    }
                }
            }
            services.forEach(service -> found.addAll(service, Map.of()));
        }
        return Collections.unmodifiableMap(found.ports);
    }

    /** A service that selects the workload, of one kind or the other. */
    private record Selecting(
            String host,
            Map<String, String> selector,
            List<KubeServicePort> kubernetes,
            List<ServiceEntry.ServicePort> others) {}

    private List<Selecting> services(CrdSet set) {
        List<Selecting> found = new ArrayList<>();
        for (KubeService service : set.services()) {
            if (selects(service.metadata().namespace(), service.selector())) {
                String host =
                        service.metadata().name() + "." + service.metadata().namespace() + ".svc." + identity.domain();
                found.add(new Selecting(host.toLowerCase(Locale.ROOT), service.selector(), service.ports(), List.of()));
            }
        }
        for (ServiceEntry entry : set.serviceEntries()) {
            WorkloadSelector selector = entry.workloadSelector();
            if (selector != null
                    && !entry.hosts().isEmpty()
                    && selects(entry.metadata().namespace(), selector.labels())) {
                String host = entry.hosts().get(0).toLowerCase(Locale.ROOT);
                found.add(new Selecting(host, selector.labels(), List.of(), entry.ports()));
            }
        }
        return found;
    }

    private boolean selects(String namespace, Map<String, String> selector) {
        return !selector.isEmpty()
                && namespace.equals(identity.namespace())
                && Labels.carry(identity.labels(), selector);
    }

    /** Nobody dials a port of an app on a Unix domain socket. */
    private boolean mayBe(WorkloadEntry entry) {
        for (Map.Entry<String, String> label : entry.labels().entrySet()) {
            if (!label.getValue().equals(identity.labels().getOrDefault(label.getKey(), label.getValue()))) {
                return false;
            }
        }
        return !UnixSocket.isWritten(entry.spec().address());
    }

    /** @param numbers of ports by name, as the workload has them where it does not have the service's */
    private void addAll(Selecting service, Map<String, Long> numbers) {
        service.kubernetes.forEach(port -> add(service.host, port, numbers));
        service.others.forEach(port -> add(service.host, port, numbers));
    }

    private void add(String host, ServiceEntry.ServicePort port, Map<String, Long> numbers) {
        Long own = numbers.get(Objects.requireNonNullElse(port.name(), ""));
        Long target = own != null ? own : port.targetPort() == null ? port.number() : port.targetPort();
        if (target != null && port.number() != null) {
            ports.putIfAbsent(
                    target.intValue(),
                    new WorkloadPort(
                            PortProtocol.of(port.protocol()),
                            host,
                            port.number().intValue()));
        }
    }

    /** A target port that is a name is the workload's to say; nothing but TCP is redirected. */
    private void add(String host, KubeServicePort port, Map<String, Long> numbers) {
        Integer number = port.port();
        if (number == null || !port.isTcp()) {
            return;
        }
        String named = port.targetPort() == null ? null : port.targetPort().name();
        Long own = numbers.get(named == null ? Objects.requireNonNullElse(port.name(), "") : named);
        Integer target = own != null
                ? Integer.valueOf(own.intValue())
                : port.targetPort() == null ? number : port.targetPort().number();
        if (target != null) {
            PortProtocol protocol = PortProtocol.ofKubernetes(number, port.name(), port.protocol(), port.appProtocol());
            ports.putIfAbsent(target, new WorkloadPort(protocol, host, number));
        }
    }
}
