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

    /** As it is where nothing is redirected: listeners of a port that do not say otherwise are connected to. */
    public Sidecar connectedTo() {
        return new Sidecar(
                at,
                metadata,
                workloadSelector,
                ingress.stream().map(IstioIngressListener::connectedTo).toList(),
                egress.stream().map(IstioEgressListener::connectedTo).toList(),
                inboundConnectionPool,
                outboundTrafficPolicy);
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

        private IstioIngressListener connectedTo() {
            return CaptureMode.isLeftOpen(captureMode)
                    ? new IstioIngressListener(at, port, bind, CaptureMode.NONE, defaultEndpoint, tls, connectionPool)
                    : this;
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

        private IstioEgressListener connectedTo() {
            return port != null && CaptureMode.isLeftOpen(captureMode)
                    ? new IstioEgressListener(at, port, bind, CaptureMode.NONE, hosts)
                    : this;
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
        NONE;

        private static boolean isLeftOpen(@Nullable CaptureMode written) {
            return written == null || written == DEFAULT;
        }
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
