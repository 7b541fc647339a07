package dev.sluice.config.translate.registry;

import dev.sluice.config.crd.kube.KubeEndpointSlice.Endpoint;
import dev.sluice.config.crd.kube.KubeEndpointSlice.TargetRef;
import dev.sluice.config.crd.kube.KubeNodes;
import dev.sluice.config.crd.kube.KubePod;
import dev.sluice.config.crd.kube.KubeWorkload;
import dev.sluice.config.crd.read.CrdSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The labels of the pod behind an endpoint: of the Pod that its targetRef names, else of the pod that has its address,
 * else of the Deployment or other workload whose name the targetRef's begins with ({@code reviews-v1-7d4b9-x2x4k} is of
 * {@code reviews-v1}; the longest such name, ending where a dash begins). With them, those of the pod's place.
 */
final class PodLabels {
    private final CrdSet set;
    private final KubeNodes nodes;
    private final Map<String, KubePod> byAddress = new HashMap<>();
    private final Map<String, Map<String, String>> byWorkload = new HashMap<>();

    PodLabels(CrdSet set) {
        this.set = set;
        this.nodes = new KubeNodes(set.nodes());
        for (KubePod pod : set.pods()) {
            String ip = pod.status() == null ? null : pod.status().podIP();
            if (ip != null) {
                byAddress.putIfAbsent(pod.metadata().namespace() + "/" + ip, pod);
            }
        }
        for (KubeWorkload workload : set.workloads()) {
            byWorkload.putIfAbsent(workload.metadata().id(), workload.podLabels());
        }
    }

    /** @param namespace of the EndpointSlice, for a targetRef that names none */
    Map<String, String> of(Endpoint endpoint, String namespace) {
        TargetRef target = endpoint.targetRef();
        String name = target == null ? null : target.name();
        String address = endpoint.addresses().get(0);
        if (target == null || name == null || !isPod(target)) {
            return of(endpoint, byAddress.get(namespace + "/" + address), Map.of());
        }
        String in = target.namespace() == null ? namespace : target.namespace();
        KubePod named = set.find(KubePod.class, in, name);
        KubePod pod = named != null ? named : byAddress.get(in + "/" + address);
        return of(endpoint, pod, pod != null ? Map.of() : ofWorkload(in, name));
    }

    /** @param otherwise labels where there is no pod */
    private Map<String, String> of(Endpoint endpoint, @Nullable KubePod pod, Map<String, String> otherwise) {
        Map<String, String> labels = pod == null ? otherwise : pod.metadata().labels();
        String node = pod == null ? null : pod.nodeName();
        return nodes.placed(labels, endpoint.nodeName() == null ? node : endpoint.nodeName());
    }

    private static boolean isPod(TargetRef target) {
        return target.kind() == null || target.kind().equals("Pod");
    }

    private Map<String, String> ofWorkload(String namespace, String pod) {
        for (int end = pod.length(); end > 0; end = pod.lastIndexOf('-', end - 1)) {
            Map<String, String> labels = byWorkload.get(namespace + "/" + pod.substring(0, end));
            if (labels != null) {
                return labels;
            }
        }
        return Map.of();
    }
}
