package dev.sluice.config.translate.registry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a pod runs, as its labels tell: Istio's own label, else the topology labels that newer Kubernetes puts on pods. */
public final class KubeLocality {
    private static final String ISTIO = "istio-locality";
    private static final String REGION = "topology.kubernetes.io/region";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String SUBZONE = "topology.istio.io/subzone";

    private KubeLocality() {}

    /** {@code region/zone/subzone}; null when unknown. */
    public static @Nullable String of(Map<String, String> labels) {
        String own = labels.get(ISTIO);
        if (own != null && !own.isEmpty()) {
            // A label's value cannot hold a slash, so Istio lets dots stand for them.
            return own.indexOf('/') >= 0 ? own : own.replace('.', '/');
        }
        String region = labels.get(REGION);
        if (region == null) {
            return null;
        }
        String zone = labels.get(ZONE);
        String subzone = labels.get(SUBZONE);
        return zone == null ? region : subzone == null ? region + "/" + zone : region + "/" + zone + "/" + subzone;
    }
}
