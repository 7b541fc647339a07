package dev.sluice.config.translate.listener;

import dev.sluice.config.crd.ConnectionPoolSettings;
import dev.sluice.config.crd.Sidecar;
import dev.sluice.config.crd.Sidecar.CaptureMode;
import dev.sluice.config.crd.Sidecar.IstioIngressListener;
import dev.sluice.config.crd.Sidecar.SidecarPort;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.DetectionPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.TrafficPlan;
import dev.sluice.config.plan.UnixSocket;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.plan.chain.ChainMatchPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.plan.chain.ServerTlsPlan;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import dev.sluice.config.plan.chain.TcpRoutePlan.TcpDestination;
import dev.sluice.config.translate.cluster.ClusterTranslator;
import dev.sluice.config.translate.cluster.InboundPools;
import dev.sluice.config.translate.notice.Notices;
import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.route.InboundRoute;
import dev.sluice.config.translate.scope.ProxyScope;
import dev.sluice.config.translate.tls.ServerTlsTranslator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Listeners towards the workload itself: the Sidecar's ingress listeners that are connected to explicitly ({@code
 * captureMode: NONE}, or with a {@code bind} of their own and not IPTABLES).
 */
public final class IngressListeners {
    private final @Nullable Sidecar sidecar;
    private final boolean intercept;
    private final InboundPools pools;
    private final ClusterTranslator clusters;
    private final ServerTlsTranslator tls;
    private final DetectionPlan detection;
    private final Notices notices;

    /**
     * @param around the proxy and its Sidecar
     * @param pools settings of connections to the app
     * @param detection of what is spoken where that is not declared
     */
    public IngressListeners(
            ProxyScope around,
            InboundPools pools,
            ClusterTranslator clusters,
            ServerTlsTranslator tls,
            DetectionPlan detection,
            Notices notices) {
        this.pools = pools;
        this.tls = tls;
        this.sidecar = around.sidecar().sidecar();
        this.intercept = around.identity().intercept();
        this.clusters = clusters;
        this.detection = detection;
        this.notices = notices;
    }

    /** A listener and the cluster of the application behind it. */
    public record Ingress(ListenerPlan listener, ClusterPlan cluster) {}

    /** In the Sidecar's order. */
    public List<Ingress> listeners() {
        List<Ingress> listeners = new ArrayList<>();
        if (sidecar != null) {
            for (IstioIngressListener written : sidecar.ingress()) {
                Ingress made = listener(sidecar, written);
                if (made != null) {
                    listeners.add(made);
                }
            }
        }
        return listeners;
    }

    private @Nullable Ingress listener(Sidecar owner, IstioIngressListener written) {
        SidecarPort port = written.port();
        if (port == null || port.number() == null) {
            return null;
        }
        // An address of its own says that it is connected to only where nothing is redirected: elsewhere the app has
        // it.
        boolean bound = written.bind() != null && !written.bind().isEmpty() && !intercept;
        boolean explicit =
                written.captureMode() == CaptureMode.NONE || (bound && written.captureMode() != CaptureMode.IPTABLES);
        PortProtocol protocol = PortProtocol.of(port.protocol());
        if (!explicit) {
            if (!intercept) {
                notices.notServed(
                        owner, written.at(), "port", "nothing listens for it: it is for intercepted connections");
            }
            return null;
        }
        boolean ends = ServerTlsTranslator.ends(written.tls());
        boolean secure = ends && protocol.isTls();
        boolean bytes = MeshStreams.isCarried(protocol) && !ends;
        if (!secure
                && !bytes
                && (!protocol.maybeHttp() || protocol == PortProtocol.HTTP_PROXY || written.tls() != null)) {
            notices.notServed(
                    owner,
                    written.at(),
                    "port",
                    "ingress listeners of protocol " + protocol
                            + (written.tls() == null ? "" : " with these TLS settings") + " are not served yet");
            return null;
        }
        BindAddress address = Binds.address(written.bind(), port.number().intValue());
        EndpointPlan application =
                application(written.defaultEndpoint(), port.number().intValue());
        if (loops(address, application)) {
            notices.notServed(
                    owner,
                    written.at(),
                    "defaultEndpoint",
                    "the listener would forward to itself; give it a defaultEndpoint with another port");
            return null;
        }
        ServerTlsPlan plan = secure && written.tls() != null
                ? tls.plan(written.tls(), owner.metadata().namespace())
                : null;
        return ingress(written, address, application, inside(protocol, plan), plan);
    }

    /** What TLS was around is in the clear for the application. */
    private static PortProtocol inside(PortProtocol declared, @Nullable ServerTlsPlan ends) {
        return ends == null ? declared : declared == PortProtocol.HTTPS ? PortProtocol.HTTP : PortProtocol.TCP;
    }

    /** The chain that carries bytes to the application; those inside TLS where {@code ends} is given. */
    private ChainPlan bytes(
            BindAddress address,
            ClusterPlan cluster,
            @Nullable ConnectionPoolSettings pool,
            @Nullable ServerTlsPlan ends,
            SourceRef at) {
        TcpDestination application = TcpDestination.plain(cluster.key(), 1, pools.idleTimeoutMillis(pool), at);
        return new ChainPlan(
                "inbound|" + address.port(),
                ends == null ? ChainMatchPlan.ANY : ChainMatchPlan.tls(List.of()),
                ends,
                new ChainTarget.Tcp(new TcpRoutePlan(RuleRef.DEFAULT, List.of(application))),
                at);
    }

    private Ingress ingress(
            IstioIngressListener written,
            BindAddress address,
            EndpointPlan application,
            PortProtocol protocol,
            @Nullable ServerTlsPlan ends) {
        SourceRef at = written.at().ref();
        ConnectionPoolSettings pool = pools.of(address.port(), written);
        ClusterPlan cluster = clusters.inbound(address.port(), application, protocol, pool, at);
        TrafficPlan traffic;
        if (MeshStreams.isCarried(protocol)) {
            traffic = TrafficPlan.chains(List.of(bytes(address, cluster, pool, ends, at)));
        } else if (protocol == PortProtocol.UNKNOWN) {
            List<ChainPlan> others = List.of(bytes(address, cluster, pool, null, at));
            traffic = TrafficPlan.told(table(address, cluster, protocol), others, detection);
        } else {
            traffic = requests(address, table(address, cluster, protocol), ends, at);
        }
        return new Ingress(
                new ListenerPlan("ingress:" + address, address, ListenerPlan.Kind.INGRESS, traffic, List.of(), at),
                cluster);
    }

    private static RouteTablePlan table(BindAddress address, ClusterPlan cluster, PortProtocol protocol) {
        RoutePlan route = InboundRoute.to(cluster.key(), protocol);
        VirtualHostPlan host =
                new VirtualHostPlan("inbound|http|" + address.port(), List.of("*"), List.of(route), List.of(), false);
        return new RouteTablePlan("inbound|" + address.port(), List.of(host), RouteTablePlan.UnknownHost.NOT_FOUND);
    }

    private static TrafficPlan requests(
            BindAddress address, RouteTablePlan table, @Nullable ServerTlsPlan ends, SourceRef at) {
        return ends == null
                ? TrafficPlan.cleartext(table)
                : TrafficPlan.chains(List.of(new ChainPlan(
                        "inbound|" + address.port(),
                        ChainMatchPlan.tls(List.of()),
                        ends,
                        new ChainTarget.Http(table),
                        at)));
    }

    /**
     * The application's address, which is on this host whatever is written: a wildcard or nothing means the instance's
     * own address, and an application that listens there is taken to listen on loopback too.
     */
    private static EndpointPlan application(@Nullable String written, int listenerPort) {
        if (written == null || written.isEmpty()) {
            return new EndpointPlan("127.0.0.1", listenerPort, 1, null, Map.of());
        }
        if (UnixSocket.isWritten(written)) {
            return EndpointPlan.unix(UnixSocket.address(written));
        }
        int colon = written.lastIndexOf(':');
        String address = written.startsWith("[") ? "::1" : "127.0.0.1";
        return new EndpointPlan(address, Integer.parseInt(written.substring(colon + 1)), 1, null, Map.of());
    }

    private static boolean loops(BindAddress address, EndpointPlan application) {
        String host = address.host();
        return address.port() == application.port() && (host == null || host.equals(application.address()));
    }
}
