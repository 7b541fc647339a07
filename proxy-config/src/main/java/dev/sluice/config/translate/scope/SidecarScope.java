package dev.sluice.config.translate.scope;

import dev.sluice.config.crd.Destination;
import dev.sluice.config.crd.Sidecar;
import dev.sluice.config.crd.Sidecar.IstioEgressListener;
import dev.sluice.config.crd.Sidecar.OutboundTrafficPolicy;
import dev.sluice.config.crd.WorkloadSelector;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.translate.registry.Labels;
import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.scope.ProxyIdentity.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Sidecar that holds for this proxy, if any, and what it lets in (spec §5).
 *
 * @param sidecar null when none holds: everything is let in
 * @param egress its egress listeners in order; where it has none, one that lets everything in
 */
public record SidecarScope(@Nullable Sidecar sidecar, List<Egress> egress) {
    public SidecarScope {
        egress = List.copyOf(egress);
    }

    /**
     * One egress listener.
     *
     * @param listener as written; null for the one that stands for none at all
     * @param hosts what it lets in
     */
    public record Egress(@Nullable IstioEgressListener listener, EgressHosts hosts) {
        /** Its own port; 0 when it is for all ports that no other one has. */
        public int port() {
            if (listener == null || listener.port() == null || listener.port().number() == null) {
                return 0;
            }
            return listener.port().number().intValue();
        }

        /** What is spoken on its port. */
        public PortProtocol protocol() {
            return PortProtocol.of(
                    listener == null || listener.port() == null
                            ? null
                            : listener.port().protocol());
        }
    }

    /**
     * The scope of a proxy: a Sidecar of its namespace whose selector takes it, else one of its namespace without
     * selector, else one of the root namespace without selector; of several the first by name.
     */
    public static SidecarScope of(CrdSet set, ProxyIdentity identity, Mesh mesh) {
        if (identity.role() == Role.GATEWAY) {
            return open(null);
        }
        Sidecar general = null;
        for (Sidecar sidecar : set.in(Sidecar.class, identity.namespace())) {
            Map<String, String> selector = selector(sidecar);
            if (selector.isEmpty()) {
                general = general == null ? sidecar : general;
            } else if (Labels.carry(identity.labels(), selector)) {
                return of(sidecar);
            }
        }
        if (general != null) {
            return of(general);
        }
        for (Sidecar sidecar : set.in(Sidecar.class, mesh.rootNamespace())) {
            if (selector(sidecar).isEmpty()) {
                return of(sidecar);
            }
        }
        return open(null);
    }

    private static SidecarScope of(Sidecar sidecar) {
        if (sidecar.egress().isEmpty()) {
            return open(sidecar);
        }
        List<Egress> listeners = new ArrayList<>();
        for (IstioEgressListener listener : sidecar.egress()) {
            String namespace = sidecar.metadata().namespace();
            listeners.add(new Egress(listener, new EgressHosts(listener.hosts(), namespace)));
        }
        return new SidecarScope(sidecar, listeners);
    }

    private static SidecarScope open(@Nullable Sidecar sidecar) {
        return new SidecarScope(sidecar, List.of(new Egress(null, EgressHosts.ALL)));
    }

    private static Map<String, String> selector(Sidecar sidecar) {
        WorkloadSelector selector = sidecar.workloadSelector();
        return selector == null ? Map.of() : selector.labels();
    }

    /** Whether it keeps anything out. */
    public boolean restricts() {
        return sidecar != null && !sidecar.egress().isEmpty();
    }

    /** Whether requests to hosts that nobody declared pass. */
    public boolean allowsAny(Mesh mesh) {
        OutboundTrafficPolicy own = sidecar == null ? null : sidecar.outboundTrafficPolicy();
        return own == null ? mesh.allowsAny() : own.mode() == OutboundTrafficPolicy.Mode.ALLOW_ANY;
    }

    /** Where requests to hosts that nobody declared go instead of to themselves; null for nowhere. */
    public @Nullable Destination egressProxy() {
        OutboundTrafficPolicy own = sidecar == null ? null : sidecar.outboundTrafficPolicy();
        return own == null ? null : own.egressProxy();
    }

    /**
     * What an explicit outbound listener lets in for a service port: what the egress listener of that very port does,
     * else the one without port, else, where there is none, what any of them does.
     */
    public EgressHosts importsOf(int port) {
        EgressHosts general = null;
        List<String> all = new ArrayList<>();
        for (Egress own : egress) {
            IstioEgressListener listener = own.listener();
            if (own.port() == 0) {
                general = own.hosts();
            } else if (own.port() == port && own.protocol() != PortProtocol.HTTP_PROXY) {
                return own.hosts();
            }
            all.addAll(listener == null ? List.of() : listener.hosts());
        }
        if (general != null || sidecar == null) {
            return general == null ? EgressHosts.ALL : general;
        }
        return new EgressHosts(all, sidecar.metadata().namespace());
    }
}
