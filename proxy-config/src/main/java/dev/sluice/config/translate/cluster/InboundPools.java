package dev.sluice.config.translate.cluster;

import dev.sluice.config.crd.ConnectionPoolSettings;
import dev.sluice.config.crd.Sidecar;
import dev.sluice.config.crd.Sidecar.IstioIngressListener;
import dev.sluice.config.translate.cluster.WorkloadPorts.WorkloadPort;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code connectionPool} that holds for connections to the app (spec §5): that of the Sidecar's ingress listener, else
 * the Sidecar's {@code inboundConnectionPool}, else what the DestinationRule of the app's own service says for the port, else
 * for the service; replaced as a whole. Of a DestinationRule nothing else applies here, and one with a workloadSelector is
 * for outbound traffic alone.
 */
public final class InboundPools {
    private final @Nullable Sidecar sidecar;
    private final DestinationRules rules;
    private final ProxyIdentity identity;
    private final Map<Integer, WorkloadPort> ports;
    private final StreamPolicies streams;

    /**
     * @param sidecar that holds for this proxy; null for none
     * @param ports of the app, by number
     */
    public InboundPools(
            @Nullable Sidecar sidecar,
            DestinationRules rules,
            ProxyIdentity identity,
            Map<Integer, WorkloadPort> ports,
            StreamPolicies streams) {
        this.sidecar = sidecar;
        this.rules = rules;
        this.identity = identity;
        this.ports = ports;
        this.streams = streams;
    }

    /** How long a connection that carries bytes may be silent under such settings; 0 for as long as it likes. */
    public long idleTimeoutMillis(@Nullable ConnectionPoolSettings pool) {
        return streams.idleTimeoutMillis(pool);
    }

    /** The app's ports that services declare, by number. */
    public Map<Integer, WorkloadPort> ports() {
        return ports;
    }

    /**
     * The settings for a port of the app; null where nobody says anything.
     *
     * @param listener of the Sidecar for it; null for none
     */
    public @Nullable ConnectionPoolSettings of(int port, @Nullable IstioIngressListener listener) {
        if (listener != null && listener.connectionPool() != null) {
            return listener.connectionPool();
        }
        if (sidecar != null && sidecar.inboundConnectionPool() != null) {
            return sidecar.inboundConnectionPool();
        }
        WorkloadPort own = ports.get(port);
        MergedRule rule = own == null ? null : rules.inbound(identity.namespace(), own.host());
        return own == null || rule == null
                ? null
                : LayeredPolicy.of(rule, null, own.servicePort()).connectionPool();
    }
}
