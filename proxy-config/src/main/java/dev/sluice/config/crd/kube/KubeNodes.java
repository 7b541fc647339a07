package dev.sluice.config.crd.kube;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where pods run, as the Nodes tell that the documents know of. */
public final class KubeNodes {
    private final Map<String, Map<String, String>> labels = new HashMap<>();

    /** @param nodes all that there are */
    public KubeNodes(List<KubeNode> nodes) {
        for (KubeNode node : nodes) {
            labels.putIfAbsent(node.metadata().name(), node.metadata().labels());
        }
    }

    /**
     * A pod's labels with those of its place, as Istio gives them to its endpoint.
     *
     * @param pod its own labels, which know the place better than its node's do
     * @param node that it runs on; null when unknown
     */
    public Map<String, String> placed(Map<String, String> pod, @Nullable String node) {
        String own = KubeLocality.of(pod);
        String locality = own != null || node == null ? own : KubeLocality.of(labels.getOrDefault(node, Map.of()));
        return KubeLocality.placed(pod, locality, node);
    }
}
