package dev.sluice.config.crd.kube;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where an endpoint runs, in the labels that tell it: Istio's own of a pod, or the topology labels of Kubernetes. */
public final class KubeLocality {
    /** Labels of a place, from the widest. */
    public static final String REGION = "topology.kubernetes.io/region";

    public static final String ZONE = "topology.kubernetes.io/zone";
    public static final String SUBZONE = "topology.istio.io/subzone";
    private static final String ISTIO = "istio-locality";
    /** The label of a node, which Istio adds to the endpoints on it. */
    public static final String NODE = "kubernetes.io/hostname";

    private KubeLocality() {}

    /** {@code region/zone/subzone} of a pod, or of a node, with these labels; null when unknown. */
    public static @Nullable String of(Map<String, String> labels) {
        String own = labelled(labels);
        if (own != null) {
            return own;
        }
        String region = labels.get(REGION);
        if (region == null) {
            return null;
        }
        String zone = labels.get(ZONE);
        String subzone = labels.get(SUBZONE);
        return zone == null ? region : subzone == null ? region + "/" + zone : region + "/" + zone + "/" + subzone;
    }

    /**
     * {@code region/zone/subzone} of an endpoint that is no pod; null when unknown. The topology labels, which a pod has of
     * its node, do not count here.
     *
     * @param locality as it is written, which wins over Istio's own label
     */
    public static @Nullable String written(@Nullable String locality, Map<String, String> labels) {
        return locality == null || locality.isEmpty() ? labelled(labels) : locality;
    }

    private static @Nullable String labelled(Map<String, String> labels) {
        String own = labels.get(ISTIO);
        if (own == null || own.isEmpty()) {
            return null;
        }
        // A label's value cannot hold a slash, so Istio lets dots stand for them.
        return own.indexOf('/') >= 0 ? own : own.replace('.', '/');
    }

    /**
     * An endpoint's labels with those that Istio adds of its place, so that subsets and failoverPriority can go by them.
     *
     * @param locality {@code region/zone/subzone}; null when unknown
     * @param node that it runs on; null when unknown
     */
    public static Map<String, String> placed(
            Map<String, String> labels, @Nullable String locality, @Nullable String node) {
        if (locality == null && node == null) {
            return labels;
        }
        Map<String, String> placed = new LinkedHashMap<>(labels);
        String[] parts = locality == null ? new String[0] : locality.split("/", -1);
        put(placed, REGION, parts.length > 0 ? parts[0] : null);
        put(placed, ZONE, parts.length > 1 ? parts[1] : null);
        put(placed, SUBZONE, parts.length > 2 ? parts[2] : null);
        put(placed, NODE, node);
        return placed.equals(labels) ? labels : placed;
    }

    private static void put(Map<String, String> labels, String label, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            labels.put(label, value);
        }
    }
}
