package dev.sluice.config.translate.registry;

import dev.sluice.config.crd.kube.KubeEndpointSlice;
import dev.sluice.config.crd.kube.KubeEndpointSlice.AddressType;
import dev.sluice.config.crd.kube.KubeEndpointSlice.Endpoint;
import dev.sluice.config.crd.kube.KubeEndpointSlice.EndpointPort;
import dev.sluice.config.crd.kube.KubeLocality;
import dev.sluice.config.crd.kube.KubeService;
import dev.sluice.config.crd.kube.KubeService.KubeServicePort;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.crd.read.ServiceSlices;
import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.translate.notice.Notices;
import dev.sluice.config.translate.registry.ServiceDraft.PortDraft;
import dev.sluice.config.translate.registry.WorkloadEntries.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes drafts of Kubernetes' Services. Their endpoints are the ready ones of their EndpointSlices, and WorkloadEntries
 * that their selector takes; a Service without either has none.
 */
final class KubeServices {
    /** Istio's annotation of who sees a Service. */
    private static final String EXPORT_TO = "networking.istio.io/exportTo";

    /** In place of the address of a headless Service. */
    private static final String NO_ADDRESS = "None";

    private final ServiceSlices slices;
    private final PodLabels pods;
    private final WorkloadEntries workloads;
    private final Notices notices;

    KubeServices(CrdSet set, WorkloadEntries workloads, Notices notices) {
        this.slices = new ServiceSlices(set);
        this.pods = new PodLabels(set);
        this.workloads = workloads;
        this.notices = notices;
    }

    /** @param domain of the cluster, such as {@code cluster.local} */
    ServiceDraft draft(KubeService service, String domain) {
        String namespace = service.metadata().namespace();
        boolean external = service.type() == KubeService.Type.ExternalName;
        ServiceDraft draft = new ServiceDraft(
                service.metadata().name() + "." + namespace + ".svc." + domain,
                new Declaration(
                        namespace,
                        service.metadata().name(),
                        true,
                        exportTo(service),
                        service.at().ref()),
                external ? Discovery.STRICT_DNS : Discovery.STATIC);
        draft.nearness = nearness(service);
        if (!external) {
            addAddresses(service, draft);
        }
        for (KubeServicePort written : service.ports()) {
            Integer number = written.port();
            if (number == null || (!written.isTcp() && hasTcp(service, number))) {
                continue;
            }
            String name = Objects.requireNonNullElse(written.name(), "");
            PortProtocol protocol =
                    PortProtocol.ofKubernetes(number, written.name(), written.protocol(), written.appProtocol());
            PortDraft port = draft.port(number, name, protocol);
            String alias = service.externalName();
            if (external && alias != null) {
                port.add(new EndpointPlan(trimmed(alias), number, 1, null, Map.of()));
            } else {
                addSlices(service, written, port);
                addWorkloads(service, written, port);
            }
        }
        return draft;
    }

    /** Whether a number that may be UDP's too (DNS, HTTP/3) is one of TCP: only that one can be carried. */
    private static boolean hasTcp(KubeService service, int number) {
        for (KubeServicePort port : service.ports()) {
            if (port.isTcp() && port.port() != null && port.port() == number) {
                return true;
            }
        }
        return false;
    }

    private static Nearness nearness(KubeService service) {
        return "Local".equals(service.internalTrafficPolicy())
                ? Nearness.ONLY_NODE
                : Nearness.of(service.trafficDistribution(), service.metadata().annotation(Nearness.ANNOTATION));
    }

    private static void addAddresses(KubeService service, ServiceDraft draft) {
        List<String> ips = service.clusterIPs();
        if (ips.isEmpty() && service.clusterIP() != null) {
            ips = List.of(service.clusterIP());
        }
        draft.headless = ips.contains(NO_ADDRESS);
        for (String address : ips) {
            String ip = IpText.single(address);
            if (ip != null) {
                draft.addresses.add(ip);
            }
        }
    }

    private static List<String> exportTo(KubeService service) {
        String annotation = service.metadata().annotation(EXPORT_TO);
        List<String> namespaces = new ArrayList<>();
        if (annotation != null) {
            for (String part : annotation.split(",", -1)) {
                if (!part.isBlank()) {
                    namespaces.add(part.trim());
                }
            }
        }
        return namespaces;
    }

    private static String trimmed(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private void addSlices(KubeService service, KubeServicePort written, PortDraft port) {
        for (KubeEndpointSlice slice : slices.of(service)) {
            int number = number(service, slice, written);
            if (number <= 0) {
                continue;
            }
            if (slice.addressType() == AddressType.FQDN) {
                notices.notServed(slice, slice.at(), "addressType", "endpoints that are names are not served yet");
                continue;
            }
            for (Endpoint endpoint : slice.endpoints()) {
                if (endpoint.ready() && !endpoint.addresses().isEmpty()) {
                    String address = endpoint.addresses().get(0);
                    Map<String, String> labels =
                            pods.of(endpoint, slice.metadata().namespace());
                    port.add(new EndpointPlan(address, number, 1, KubeLocality.of(labels), labels));
                }
            }
        }
    }

    /** The port of a slice's endpoints for a service's port; 0 where the slice does not serve it. */
    private static int number(KubeService service, KubeEndpointSlice slice, KubeServicePort written) {
        String name = Objects.requireNonNullElse(written.name(), "");
        for (EndpointPort port : slice.ports()) {
            String own = Objects.requireNonNullElse(port.name(), "");
            // A slice written by hand may leave out what can only be meant.
            boolean only = own.isEmpty()
                    && slice.ports().size() == 1
                    && service.ports().size() == 1;
            if (own.equals(name) || only) {
                return port.port() == null ? target(written) : port.port();
            }
        }
        return 0;
    }

    private void addWorkloads(KubeService service, KubeServicePort written, PortDraft port) {
        if (service.selector().isEmpty()) {
            return;
        }
        for (Workload workload : workloads.select(service.metadata().namespace(), service.selector())) {
            String address = workload.address();
            String name = portName(written);
            // A target port that is a name is the workload's to say: one that does not have it does not serve the port.
            boolean serves = named(written) == null || workload.spec().ports().containsKey(name);
            if (address != null && IpText.isLiteral(address) && serves) {
                port.add(workload.endpoint(address, name, target(written)));
            }
        }
    }

    /** The name under which a workload knows the port: the target port's if it has one, else the service port's. */
    private static String portName(KubeServicePort written) {
        String target = named(written);
        return target != null ? target : Objects.requireNonNullElse(written.name(), "");
    }

    private static @Nullable String named(KubeServicePort written) {
        return written.targetPort() == null ? null : written.targetPort().name();
    }

    private static int target(KubeServicePort written) {
        @Nullable
        Integer target =
                written.targetPort() == null ? null : written.targetPort().number();
        Integer own = written.port();
        return target != null ? target : own == null ? 0 : own;
    }
}
