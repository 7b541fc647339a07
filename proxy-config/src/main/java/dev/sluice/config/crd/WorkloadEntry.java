package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Size;
import dev.sluice.config.crd.tree.MapNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Istio's WorkloadEntry (spec §4): an endpoint that is no pod.
 *
 * @param spec its description, of the form that a ServiceEntry's inline endpoints have
 */
public record WorkloadEntry(MapNode at, Metadata metadata, Spec spec) implements CrdObject {
    @Override
    public String kind() {
        return "WorkloadEntry";
    }

    /** One endpoint. */
    public record Spec(
            MapNode at,
            @Size(max = 256) @Nullable String address,
            @Size(max = 128) Map<String, Long> ports,
            @Size(max = 256) Map<String, String> labels,
            @Size(max = 2048) @Nullable String network,
            @Size(max = 2048) @Nullable String locality,
            @Nullable Long weight,
            @Size(max = 253) @Nullable String serviceAccount) {}
}
