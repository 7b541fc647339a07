package dev.sluice.config.crd.kube;

import dev.sluice.config.crd.kube.KubeEndpointSlice.AddressType;
import dev.sluice.config.crd.kube.KubeEndpointSlice.Endpoint;
import dev.sluice.config.crd.kube.KubeEndpointSlice.EndpointPort;
import dev.sluice.config.crd.kube.KubeEndpointSlice.TargetRef;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' {@code v1} Endpoints, of the Service of their name: the older way to write {@link KubeEndpointSlice}s, in
 * which people still write down what stands behind a Service without selector.
 */
public record KubeEndpoints(MapNode at, Metadata metadata, List<Subset> subsets) implements CrdObject {
    @Override
    public String kind() {
        return "Endpoints";
    }

    @Override
    public String root() {
        return "";
    }

    /** The slices that a cluster makes of them, one a subset. */
    public List<KubeEndpointSlice> slices() {
        Map<String, String> labels = Map.of(KubeEndpointSlice.SERVICE_LABEL, metadata.name());
        Metadata of = new Metadata(metadata.at(), metadata.name(), metadata.namespace(), labels, Map.of());
        List<KubeEndpointSlice> slices = new ArrayList<>(subsets.size());
        for (Subset subset : subsets) {
            List<Endpoint> endpoints = new ArrayList<>(subset.addresses().size());
            for (Address address : subset.addresses()) {
                endpoints.add(new Endpoint(
                        address.at(),
                        address.ip() == null ? List.of() : List.of(address.ip()),
                        null,
                        address.hostname(),
                        address.targetRef(),
                        address.nodeName(),
                        null));
            }
            slices.add(new KubeEndpointSlice(subset.at(), of, AddressType.IPv4, endpoints, subset.ports()));
        }
        return slices;
    }

    /** Addresses that all have the same ports. */
    public record Subset(MapNode at, List<Address> addresses, List<EndpointPort> ports) {
        static Rules rules() {
            return new Rules().alsoKnown("notReadyAddresses");
        }
    }

    /** One that takes traffic. */
    public record Address(
            MapNode at,
            @Nullable String ip,
            @Nullable String hostname,
            @Nullable String nodeName,
            @Nullable TargetRef targetRef) {
        static Rules rules() {
            return new Rules().required("ip");
        }
    }
}
