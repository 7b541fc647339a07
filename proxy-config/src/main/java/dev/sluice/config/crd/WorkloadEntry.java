package dev.sluice.config.crd;

import dev.sluice.config.crd.kube.KubeLocality;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Istio's WorkloadEntry (spec §4): an endpoint that is no pod.
 *
 * @param spec its description, of the form that a ServiceEntry's inline endpoints have
 */
public record WorkloadEntry(MapNode at, Metadata metadata, Spec spec) implements CrdObject {
    /** Of an endpoint's network, which Istio adds to its labels. */
    private static final String NETWORK = "topology.istio.io/network";

    @Override
    public String kind() {
        return "WorkloadEntry";
    }

    /** What selectors see: the labels of the spec and of the object, which win. */
    public Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>(spec.labels());
        labels.putAll(metadata.labels());
        return labels;
    }

    /** One endpoint. */
    public record Spec(
            MapNode at,
            @Nullable String address,
            Map<String, Long> ports,
            Map<String, String> labels,
            @Nullable String network,
            @Nullable String locality,
            @Nullable Long weight,
            @Nullable String serviceAccount) {
        /**
         * The labels that it has as an endpoint: with those of its place and network.
         *
         * @param own its labels, of the spec or of spec and object together
         */
        public Map<String, String> placed(Map<String, String> own) {
            Map<String, String> placed = KubeLocality.placed(own, KubeLocality.written(locality, own), null);
            if (network == null || network.isEmpty()) {
                return placed;
            }
            Map<String, String> inNetwork = new LinkedHashMap<>(placed);
            inNetwork.put(NETWORK, network);
            return inNetwork;
        }

        static Rules rules() {
            return new Rules()
                    .size("address", 0, 256)
                    .size("ports", 0, 128)
                    .size("labels", 0, 256)
                    .size("network", 0, 2048)
                    .size("locality", 0, 2048)
                    .size("serviceAccount", 0, 253);
        }
    }
}
