package dev.sluice.config.crd.kube;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kubernetes' {@code discovery.k8s.io/v1} EndpointSlice; the label {@link #SERVICE_LABEL} names its service. */
public record KubeEndpointSlice(
        MapNode at,
        Metadata metadata,
        @Nullable AddressType addressType,
        List<Endpoint> endpoints,
        List<EndpointPort> ports)
        implements CrdObject {
    static Rules rules() {
        return new Rules().required("addressType");
    }

    /** Names the Service that a slice belongs to. */
    public static final String SERVICE_LABEL = "kubernetes.io/service-name";

    @Override
    public String kind() {
        return "EndpointSlice";
    }

    @Override
    public String root() {
        return "";
    }

    /** The service that this slice belongs to, or null. */
    public @Nullable String service() {
        return metadata.labels().get(SERVICE_LABEL);
    }

    /** What the addresses are. */
    @SuppressWarnings("JavaCase") // Kubernetes' own words
    public enum AddressType {
        IPv4,
        IPv6,
        FQDN
    }

    /** One endpoint; its addresses are alternatives of which the first counts. */
    public record Endpoint(
            MapNode at,
            List<String> addresses,
            @Nullable Conditions conditions,
            @Nullable String hostname,
            @Nullable TargetRef targetRef,
            @Nullable String nodeName,
            @Nullable String zone) {
        static Rules rules() {
            return new Rules().required("addresses").alsoKnown("deprecatedTopology", "hints");
        }

        /** Whether it takes new traffic; unset means yes. */
        public boolean ready() {
            return conditions == null || conditions.ready() == null || conditions.ready();
        }
    }

    /** What Kubernetes knows of its health. */
    public record Conditions(
            MapNode at, @Nullable Boolean ready, @Nullable Boolean serving, @Nullable Boolean terminating) {}

    /** The object behind an endpoint, as a rule a Pod. */
    public record TargetRef(MapNode at, @Nullable String kind, @Nullable String name, @Nullable String namespace) {
        static Rules rules() {
            return new Rules().alsoKnown("apiVersion", "fieldPath", "resourceVersion", "uid");
        }
    }

    /** A port that all endpoints of the slice have; its name is the service port's. */
    public record EndpointPort(
            MapNode at,
            @Nullable String name,
            @Nullable String protocol,
            @Nullable Integer port,
            @Nullable String appProtocol) {
        static Rules rules() {
            return new Rules().range("port", 1, 65535);
        }
    }
}
