package dev.sluice.config.crd.kube;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.IntOrString;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Kubernetes' core {@code v1} Service. */
public record KubeService(
        MapNode at,
        Metadata metadata,
        @Nullable Type type,
        @Nullable String clusterIP,
        List<String> clusterIPs,
        List<String> externalIPs,
        @Nullable String externalName,
        Map<String, String> selector,
        List<KubeServicePort> ports,
        @Nullable Boolean publishNotReadyAddresses,
        @Nullable String internalTrafficPolicy,
        @Nullable String trafficDistribution)
        implements CrdObject {
    static Rules rules() {
        return new Rules()
                .alsoKnown(
                        "allocateLoadBalancerNodePorts",
                        "externalTrafficPolicy",
                        "healthCheckNodePort",
                        "ipFamilies",
                        "ipFamilyPolicy",
                        "loadBalancerClass",
                        "loadBalancerIP",
                        "loadBalancerSourceRanges",
                        "sessionAffinity",
                        "sessionAffinityConfig",
                        "topologyKeys");
    }

    @Override
    public String kind() {
        return "Service";
    }

    /** How it is reached; unset is ClusterIP. */
    @SuppressWarnings("JavaCase") // Kubernetes' own words
    public enum Type {
        ClusterIP,
        NodePort,
        LoadBalancer,
        ExternalName
    }

    /** One port; a name may be left out only when there is no other. */
    public record KubeServicePort(
            MapNode at,
            @Nullable String name,
            @Nullable String protocol,
            @Nullable String appProtocol,
            @Nullable Integer port,
            @Nullable IntOrString targetPort,
            @Nullable Integer nodePort) {
        static Rules rules() {
            return new Rules().required("port").range("port", 1, 65535);
        }

        /** Whether it is one of TCP, as a port is that says nothing. */
        public boolean isTcp() {
            return protocol == null || protocol.isEmpty() || protocol.equalsIgnoreCase("TCP");
        }
    }
}
