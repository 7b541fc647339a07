package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Istio's Sidecar (spec §5): what one workload listens on and which services it sees. */
public record Sidecar(
        MapNode at,
        Metadata metadata,
        @Nullable WorkloadSelector workloadSelector,
        List<IstioIngressListener> ingress,
        List<IstioEgressListener> egress,
        @Nullable ConnectionPoolSettings inboundConnectionPool,
        @Nullable OutboundTrafficPolicy outboundTrafficPolicy)
        implements CrdObject {
    @Override
    public String kind() {
        return "Sidecar";
    }

    /** A listener towards the workload itself. */
    public record IstioIngressListener(
            MapNode at,
            @Nullable SidecarPort port,
            @Nullable String bind,
            @Nullable CaptureMode captureMode,
            @Nullable String defaultEndpoint,
            @Nullable ServerTlsSettings tls,
            @Nullable ConnectionPoolSettings connectionPool) {
        static Rules rules() {
            return new Rules().required("port");
        }
    }

    /** A listener of the workload towards others. */
    public record IstioEgressListener(
            MapNode at,
            @Nullable SidecarPort port,
            @Nullable String bind,
            @Nullable CaptureMode captureMode,
            List<String> hosts) {
        static Rules rules() {
            return new Rules().required("hosts");
        }
    }

    /** A listener's port. */
    public record SidecarPort(
            MapNode at,
            @Nullable Long number,
            @Nullable String protocol,
            @Nullable String name,
            @Nullable Long targetPort) {}

    /** How connections reach a listener. */
    public enum CaptureMode {
        DEFAULT,
        IPTABLES,
        NONE
    }

    /** What becomes of traffic to hosts that nobody declared; present without a mode is REGISTRY_ONLY. */
    public record OutboundTrafficPolicy(MapNode at, @Nullable Mode mode, @Nullable Destination egressProxy) {
        /** Refuse or pass. */
        public enum Mode {
            REGISTRY_ONLY,
            ALLOW_ANY
        }
    }
}
