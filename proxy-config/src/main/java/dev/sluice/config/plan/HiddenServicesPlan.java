package dev.sluice.config.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Services that are declared and that the workload does not see: who asks why a host is unknown is told of them. No request
 * is routed by this.
 *
 * @param search endings that a short name may lack, each with its leading dot, as Kubernetes' resolvers try them
 * @param services one a host
 */
public record HiddenServicesPlan(List<String> search, List<HiddenService> services) {
    /** Everything that is declared is seen. */
    public static final HiddenServicesPlan NONE = new HiddenServicesPlan(List.of(), List.of());

    public HiddenServicesPlan {
        search = List.copyOf(search);
        services = List.copyOf(services);
    }

    /**
     * One of them.
     *
     * @param host lower-case full name, or a wildcard
     * @param addresses its own
     * @param declaredBy the object that declares it
     * @param sidecar the Sidecar in force, which does not let it in; null where it is not exported to the proxy's namespace
     * @param exportTo as the object says it; empty means the mesh's default
     */
    public record HiddenService(
            String host,
            List<String> addresses,
            ObjectRef declaredBy,
            @Nullable ObjectRef sidecar,
            List<String> exportTo) {
        public HiddenService {
            addresses = List.copyOf(addresses);
            exportTo = List.copyOf(exportTo);
        }
    }

    /**
     * An object as its author knows it.
     *
     * @param at where it is written
     */
    public record ObjectRef(String kind, String namespace, String name, SourceRef at) {}
}
