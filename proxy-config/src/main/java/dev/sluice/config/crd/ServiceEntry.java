package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Range;
import dev.sluice.config.crd.schema.Required;
import dev.sluice.config.crd.schema.Size;
import dev.sluice.config.crd.tree.MapNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Istio's ServiceEntry (spec §4): a service that Kubernetes does not know. */
public record ServiceEntry(
        MapNode at,
        Metadata metadata,
        @Required @Size(min = 1, max = 256) List<String> hosts,
        @Size(max = 256) List<String> addresses,
        @Size(max = 256) List<ServicePort> ports,
        @Nullable Location location,
        @Nullable Resolution resolution,
        @Size(max = 4096) List<WorkloadEntry.Spec> endpoints,
        @Nullable WorkloadSelector workloadSelector,
        List<String> exportTo,
        List<String> subjectAltNames)
        implements CrdObject {
    @Override
    public String kind() {
        return "ServiceEntry";
    }

    /** Inside the mesh or not; unset is MESH_EXTERNAL. */
    public enum Location {
        MESH_EXTERNAL,
        MESH_INTERNAL
    }

    /** How endpoints are found; unset is NONE. */
    public enum Resolution {
        NONE,
        STATIC,
        DNS,
        DNS_ROUND_ROBIN,
        DYNAMIC_DNS
    }

    /** A port of the service. */
    public record ServicePort(
            MapNode at,
            @Required @Range(min = 1, max = 65535) @Nullable Long number,
            @Nullable String protocol,
            @Required @Nullable String name,
            @Range(min = 1, max = 65535) @Nullable Long targetPort) {}
}
