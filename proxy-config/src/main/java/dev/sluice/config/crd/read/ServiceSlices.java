package dev.sluice.config.crd.read;

import dev.sluice.config.crd.kube.KubeEndpointSlice;
import dev.sluice.config.crd.kube.KubeEndpoints;
import dev.sluice.config.crd.kube.KubeService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The EndpointSlices of each Service. Endpoints count for a Service that has none: what a cluster prints has both, one made
 * of the other.
 */
public final class ServiceSlices {
    private final Map<String, List<KubeEndpointSlice>> slices = new HashMap<>();

    /** Those of {@code set}. */
    public ServiceSlices(CrdSet set) {
        for (KubeEndpointSlice slice : set.endpointSlices()) {
            String service = slice.service();
            if (service != null) {
                slices.computeIfAbsent(slice.metadata().namespace() + "/" + service, id -> new ArrayList<>())
                        .add(slice);
            }
        }
        for (KubeEndpoints endpoints : set.all(KubeEndpoints.class)) {
            slices.computeIfAbsent(endpoints.metadata().id(), id -> endpoints.slices());
        }
    }

    /** Of a Service, in the order of their names. */
    public List<KubeEndpointSlice> of(KubeService service) {
        return slices.getOrDefault(service.metadata().id(), List.of());
    }
}
