package dev.sluice.config.translate.scope;

import dev.sluice.config.crd.Destination;
import dev.sluice.config.crd.Labels;
import dev.sluice.config.crd.Sidecar;
import dev.sluice.config.crd.Sidecar.CaptureMode;
import dev.sluice.config.crd.Sidecar.IstioEgressListener;
import dev.sluice.config.crd.Sidecar.OutboundTrafficPolicy;
import dev.sluice.config.crd.WorkloadSelector;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.plan.UnixSocket;
import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.scope.ProxyIdentity.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Sidecar that holds for this proxy, if any, and what it lets in (spec §5).
 *
 * @param sidecar null when none holds: everything is let in
 * @param egress its egress listeners in order; where it has none, one that lets everything in
 * @param general what is let in for ports without an egress listener of their own
 * @param allowsAny whether requests to hosts that nobody declared pass
 */
public record SidecarScope(@Nullable Sidecar sidecar, List<Egress> egress, EgressHosts general, boolean allowsAny) {
    /** A {@code bind} that says no address, or all of them. */
    private static final Set<String> WILDCARDS = Set.of("", "0.0.0.0", "::");

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
        /** Its own port; 0 when it is for all ports that no other one has, or on a Unix domain socket. */
        public int port() {
            if (listener == null || listener.port() == null || listener.port().number() == null) {
                return 0;
            }
            return listener.port().number().intValue();
        }

        /** Whether it is for all ports that no other one has. */
        public boolean isForAllPorts() {
            return port() == 0 && !isUnix();
        }

        /** Whether it listens on a Unix domain socket. */
        public boolean isUnix() {
            return listener != null && UnixSocket.isWritten(listener.bind());
        }

        /** Whether it is for redirected connections to one address alone, whatever others they were made to. */
        public boolean isForAnAddress() {
            return listener != null && isRedirectedTo() && !WILDCARDS.contains(Objects.toString(listener.bind(), ""));
        }

        /** Whether it is for redirected connections; else it is connected to. */
        boolean isRedirectedTo() {
            return listener == null || (listener.captureMode() != CaptureMode.NONE && !isUnix());
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
     * selector, else one of the root namespace without selector; of several the first by name. The own namespace in its
     * hosts is the proxy's, as in Istio: one of the root namespace stands for a Sidecar of each namespace.
     */
    public static SidecarScope of(CrdSet set, ProxyIdentity identity, Mesh mesh) {
        Sidecar chosen = identity.role() == Role.GATEWAY ? null : choose(set, identity, mesh);
        boolean connected = mesh.redirectsNothing() && !identity.intercept();
        Sidecar sidecar = chosen != null && connected ? chosen.connectedTo() : chosen;
        List<Egress> listeners = new ArrayList<>();
        if (sidecar != null) {
            for (IstioEgressListener listener : sidecar.egress()) {
                listeners.add(new Egress(listener, new EgressHosts(listener.hosts(), identity.namespace())));
            }
        }
        if (listeners.isEmpty()) {
            listeners.add(new Egress(null, EgressHosts.ALL));
        }
        OutboundTrafficPolicy own = sidecar == null ? null : sidecar.outboundTrafficPolicy();
        boolean any = own == null ? mesh.allowsAny() : own.mode() == OutboundTrafficPolicy.Mode.ALLOW_ANY;
        return new SidecarScope(sidecar, listeners, general(identity, listeners), any);
    }

    private static @Nullable Sidecar choose(CrdSet set, ProxyIdentity identity, Mesh mesh) {
        Sidecar general = null;
        for (Sidecar sidecar : set.in(Sidecar.class, identity.namespace())) {
            Map<String, String> selector = selector(sidecar);
            if (selector.isEmpty()) {
                general = general == null ? sidecar : general;
            } else if (Labels.carry(identity.labels(), selector)) {
                return sidecar;
            }
        }
        if (general != null) {
            return general;
        }
        for (Sidecar sidecar : set.in(Sidecar.class, mesh.rootNamespace())) {
            if (selector(sidecar).isEmpty()) {
                return sidecar;
            }
        }
        return null;
    }

    private static Map<String, String> selector(Sidecar sidecar) {
        WorkloadSelector selector = sidecar.workloadSelector();
        return selector == null ? Map.of() : selector.labels();
    }

    /** Whether some egress listener lets a service in. */
    public boolean imports(Service service) {
        for (Egress own : egress) {
            if (own.hosts().importsService(service.namespace(), service.host())) {
                return true;
            }
        }
        return false;
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
        for (Egress own : egress) {
            if (own.port() == port && port != 0 && own.protocol() != PortProtocol.HTTP_PROXY) {
                return own.hosts();
            }
        }
        return general;
    }

    /**
     * What is let in for redirected connections to a port: what the egress listener of that very port does, else the one
     * without port, else nothing. Listeners that are connected to, or that are for connections to an address of their own,
     * have no part in it.
     */
    public EgressHosts importsOfRedirected(int port) {
        EgressHosts rest = EgressHosts.NONE;
        for (Egress own : egress) {
            if (!own.isRedirectedTo() || own.isForAnAddress()) {
                continue;
            }
            if (own.isForAllPorts()) {
                rest = own.hosts();
            } else if (own.port() == port && own.protocol() != PortProtocol.HTTP_PROXY) {
                return own.hosts();
            }
        }
        return rest;
    }

    private static EgressHosts general(ProxyIdentity identity, List<Egress> egress) {
        List<String> all = new ArrayList<>();
        for (Egress own : egress) {
            IstioEgressListener listener = own.listener();
            if (listener == null || own.isForAllPorts()) {
                return own.hosts();
            }
            all.addAll(listener.hosts());
        }
        return new EgressHosts(all, identity.namespace());
    }
}
