package dev.sluice.config.validate.world;

import dev.sluice.config.crd.Labels;
import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.ServiceEntry.Resolution;
import dev.sluice.config.crd.WorkloadSelector;
import dev.sluice.config.crd.kube.KubeEndpointSlice;
import dev.sluice.config.crd.kube.KubeEndpointSlice.Endpoint;
import dev.sluice.config.crd.kube.KubeEndpointSlice.TargetRef;
import dev.sluice.config.crd.kube.KubeNodes;
import dev.sluice.config.crd.kube.KubeService;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.crd.read.ServiceSlices;
import dev.sluice.config.crd.schema.CrdObject;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Who stands behind a service, as far as documents say it. */
public final class Endpoints {
    private final Workloads workloads;
    private final ServiceSlices slices;
    private final KubeNodes nodes;
    private final IdentityHashMap<CrdObject, Known> known = new IdentityHashMap<>();

    /**
     * What is known of a service's endpoints.
     *
     * @param labels of each endpoint, or of each kind of pod that there will be
     * @param counted whether these are the endpoints; else only what they will be labelled with
     */
    public record Known(List<Map<String, String>> labels, boolean counted) {
        /** How many of them a subset's labels choose. */
        public int count(Map<String, String> selector) {
            int count = 0;
            for (Map<String, String> endpoint : labels) {
                count += Labels.carry(endpoint, selector) ? 1 : 0;
            }
            return count;
        }
    }

    Endpoints(CrdSet set, Workloads workloads, KubeNodes nodes) {
        this.workloads = workloads;
        this.nodes = nodes;
        this.slices = new ServiceSlices(set);
    }

    /** Looked up once a service; of one that no document tells endpoints of, none and not counted. */
    public Known of(Service service) {
        return known.computeIfAbsent(service.object(), object -> find(service));
    }

    private Known find(Service service) {
        if (service.object() instanceof KubeService kube) {
            return of(kube);
        }
        return service.object() instanceof ServiceEntry entry ? of(entry) : new Known(List.of(), false);
    }

    private Known of(KubeService service) {
        List<Map<String, String>> labels = counted(service);
        if (!labels.isEmpty() || service.selector().isEmpty()) {
            return new Known(labels, !labels.isEmpty());
        }
        workloads.pods(service.metadata().namespace(), service.selector()).forEach(pod -> labels.add(pod.placed()));
        return new Known(labels, false);
    }

    /** Ready endpoints of its slices, and the WorkloadEntries that it selects. */
    private List<Map<String, String>> counted(KubeService service) {
        List<Map<String, String>> labels = new ArrayList<>();
        for (KubeEndpointSlice slice : slices.of(service)) {
            for (Endpoint endpoint : slice.endpoints()) {
                if (endpoint.ready()) {
                    labels.add(labels(endpoint, slice.metadata().namespace()));
                }
            }
        }
        if (!service.selector().isEmpty()) {
            workloads
                    .entries(service.metadata().namespace(), service.selector())
                    .forEach(entry -> labels.add(entry.placed()));
        }
        return labels;
    }

    private Map<String, String> labels(Endpoint endpoint, String namespace) {
        TargetRef target = endpoint.targetRef();
        String address =
                endpoint.addresses().isEmpty() ? "" : endpoint.addresses().get(0);
        boolean pod = target != null
                && target.name() != null
                && (target.kind() == null || target.kind().equals("Pod"));
        Workloads.Workload workload = target == null || !pod
                ? workloads.podOfAddress(namespace, address)
                : workloads.pod(
                        target.namespace() == null ? namespace : target.namespace(),
                        String.valueOf(target.name()),
                        address);
        return nodes.placed(workload == null ? Map.of() : workload.placed(), endpoint.nodeName());
    }

    private Known of(ServiceEntry entry) {
        boolean names = entry.resolution() == Resolution.DNS || entry.resolution() == Resolution.DNS_ROUND_ROBIN;
        if (names && entry.endpoints().isEmpty() && entry.workloadSelector() == null) {
            // the host itself is the endpoint, which has no labels
            return new Known(List.of(Map.of()), false);
        }
        List<Map<String, String>> labels = new ArrayList<>();
        entry.endpoints().forEach(endpoint -> labels.add(endpoint.placed(endpoint.labels())));
        boolean counted = entry.resolution() == Resolution.STATIC;
        WorkloadSelector selector = entry.workloadSelector();
        if (selector != null) {
            String namespace = entry.metadata().namespace();
            workloads.entries(namespace, selector.labels()).forEach(workload -> labels.add(workload.placed()));
            // which of the pods are there, and take requests, the documents need not say
            List<Workloads.Workload> pods = workloads.pods(namespace, selector.labels());
            pods.forEach(pod -> labels.add(pod.placed()));
            counted &= pods.isEmpty();
        }
        return new Known(labels, counted);
    }
}
