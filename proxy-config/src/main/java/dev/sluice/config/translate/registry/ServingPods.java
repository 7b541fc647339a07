package dev.sluice.config.translate.registry;

import dev.sluice.config.crd.LabelIndex;
import dev.sluice.config.crd.WorkloadEntry;
import dev.sluice.config.crd.kube.KubeLocality;
import dev.sluice.config.crd.kube.KubeNodes;
import dev.sluice.config.crd.kube.KubePod;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.translate.registry.WorkloadEntries.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Pods that take requests, for ServiceEntries whose selector takes them. (A Kubernetes Service has EndpointSlices to say so.)
 * A pod's named ports count as those of a WorkloadEntry do.
 */
final class ServingPods {
    private final Map<String, LabelIndex<Workload>> byNamespace = new HashMap<>();

    ServingPods(CrdSet set, WorkloadEntries workloads) {
        KubeNodes nodes = new KubeNodes(set.nodes());
        for (KubePod pod : set.pods()) {
            String address = pod.servingAddress();
            if (address != null) {
                Map<String, String> labels = nodes.placed(pod.metadata().labels(), pod.nodeName());
                WorkloadEntry.Spec reached = new WorkloadEntry.Spec(
                        pod.at(), address, pod.namedPorts(), labels, null, KubeLocality.of(labels), null, null);
                byNamespace
                        .computeIfAbsent(pod.metadata().namespace(), namespace -> new LabelIndex<>())
                        .add(labels, workloads.inline(reached));
            }
        }
    }

    /** The pods of a namespace that carry these labels, by name. */
    List<Workload> select(String namespace, Map<String, String> selector) {
        LabelIndex<Workload> index = byNamespace.get(namespace);
        return index == null ? List.of() : index.select(selector);
    }
}
