package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Istio's ServiceEntry (spec §4): a service that Kubernetes does not know. */
public record ServiceEntry(
        MapNode at,
        Metadata metadata,
        List<String> hosts,
        List<String> addresses,
        List<ServicePort> ports,
        @Nullable Location location,
        @Nullable Resolution resolution,
        List<WorkloadEntry.Spec> endpoints,
        @Nullable WorkloadSelector workloadSelector,
        List<String> exportTo,
        List<String> subjectAltNames)
        implements CrdObject {
    static Rules rules() {
        return new Rules()
                .required("hosts")
                .size("hosts", 1, 256)
                .size("addresses", 0, 256)
                .size("ports", 0, 256)
                .size("endpoints", 0, 4096);
    }

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
            @Nullable Long number,
            @Nullable String protocol,
            @Nullable String name,
            @Nullable Long targetPort) {
        static Rules rules() {
            return new Rules()
                    .required("number", "name")
                    .range("number", 1, 65535)
                    .range("targetPort", 1, 65535);
        }
    }
}
