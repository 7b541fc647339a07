package dev.sluice.config.crd.kube;

import dev.sluice.config.crd.schema.AlsoKnown;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.IntOrString;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Range;
import dev.sluice.config.crd.schema.Required;
import dev.sluice.config.crd.tree.MapNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Kubernetes' core {@code v1} Service. */
@AlsoKnown({
    "allocateLoadBalancerNodePorts",
    "externalTrafficPolicy",
    "healthCheckNodePort",
    "internalTrafficPolicy",
    "ipFamilies",
    "ipFamilyPolicy",
    "loadBalancerClass",
    "loadBalancerIP",
    "loadBalancerSourceRanges",
    "sessionAffinity",
    "sessionAffinityConfig",
    "topologyKeys",
    "trafficDistribution"
})
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
        @Nullable Boolean publishNotReadyAddresses)
        implements CrdObject {
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
            @Required @Range(min = 1, max = 65535) @Nullable Integer port,
            @Nullable IntOrString targetPort,
            @Nullable Integer nodePort) {}
}
