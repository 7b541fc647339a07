package dev.sluice.config.translate.intercept;

import dev.sluice.config.crd.ConnectionPoolSettings;
import dev.sluice.config.crd.ServerTlsSettings;
import dev.sluice.config.crd.Sidecar;
import dev.sluice.config.crd.Sidecar.CaptureMode;
import dev.sluice.config.crd.Sidecar.IstioIngressListener;
import dev.sluice.config.crd.Sidecar.SidecarPort;
import dev.sluice.config.plan.CapturePlan;
import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.ListenerPlan.Kind;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.TrafficPlan;
import dev.sluice.config.plan.UnixSocket;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import dev.sluice.config.plan.chain.TcpRoutePlan.TcpDestination;
import dev.sluice.config.translate.cluster.ClusterTranslator;
import dev.sluice.config.translate.cluster.InboundPools;
import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.route.InboundRoute;
import dev.sluice.config.translate.tls.ServerTlsTranslator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The listener of what others send to the app: by the port that they dialled, as the Sidecar's ingress listeners say, else
 * as the services do that select this workload; what nobody declared is told by its first bytes. It all goes to the address
 * that was dialled, unless an ingress listener names loopback.
 */
final class InboundCapture {
    private final @Nullable Sidecar sidecar;
    private final ClusterTranslator clusters;
    private final InboundPools pools;
    private final ServerTlsTranslator serverTls;
    private final Chains chains = new Chains();
    private final List<ClusterPlan> made = new ArrayList<>();

    /**
     * @param sidecar that holds for this proxy; null for none
     * @param pools the app's ports that services declare, and their settings
     */
    InboundCapture(
            @Nullable Sidecar sidecar, ClusterTranslator clusters, InboundPools pools, ServerTlsTranslator serverTls) {
        this.pools = pools;
        this.sidecar = sidecar;
        this.clusters = clusters;
        this.serverTls = serverTls;
    }

    /** The listener; called once. */
    ListenerPlan listener(InterceptSettings settings) {
        if (sidecar == null || sidecar.ingress().isEmpty()) {
            pools.ports().forEach((port, declared) -> {
                if (declared.protocol() != PortProtocol.UDP) {
                    add(port, declared.protocol(), null, pools.of(port, null), SourceRef.NONE);
                }
            });
        } else {
            for (IstioIngressListener written : sidecar.ingress()) {
                ingress(sidecar, written);
            }
        }
        // Port 0 of the chains is any, and so is that of the cluster's name.
        add(0, PortProtocol.UNKNOWN, null, pools.of(0, null), SourceRef.NONE);
        if (settings.transparent()) {
            made.replaceAll(ClusterPlan::fromClients);
        }
        return new ListenerPlan(
                "virtualInbound",
                new BindAddress(null, settings.inboundPort()),
                Kind.VIRTUAL_INBOUND,
                TrafficPlan.captured(
                        chains.plans(), new CapturePlan(settings.transparent(), settings.detectionMillis())),
                List.of(),
                SourceRef.NONE);
    }

    /** The clusters that the listener needs; there once it is made. */
    List<ClusterPlan> clusters() {
        return made;
    }

    private void ingress(Sidecar owner, IstioIngressListener written) {
        SidecarPort port = written.port();
        if (written.captureMode() == CaptureMode.NONE || port == null || port.number() == null) {
            return;
        }
        int number = port.number().intValue();
        PortProtocol protocol = PortProtocol.of(port.protocol());
        SourceRef at = written.at().ref();
        EndpointPlan to = application(written.defaultEndpoint());
        ConnectionPoolSettings pool = pools.of(number, written);
        ServerTlsSettings tls = written.tls();
        if (tls != null && ServerTlsTranslator.ends(tls) && protocol.isTls()) {
            boolean http = protocol == PortProtocol.HTTPS;
            PortProtocol inside = http ? PortProtocol.HTTP : PortProtocol.TCP;
            ClusterPlan cluster = clusters.inbound(number, to, inside, pool, at);
            made.add(cluster);
            chains.ended(
                    "tls.inbound|" + number,
                    number,
                    serverTls.plan(tls, owner.metadata().namespace()),
                    http
                            ? new ChainTarget.Http(table(number, inside, cluster.key()))
                            : new ChainTarget.Tcp(route(cluster.key(), pool, at)),
                    at);
            return;
        }
        add(number, protocol, to, pool, at);
    }

    private void add(
            int port,
            PortProtocol protocol,
            @Nullable EndpointPlan application,
            @Nullable ConnectionPoolSettings pool,
            SourceRef at) {
        ClusterPlan cluster = clusters.inbound(port, application, protocol, pool, at);
        made.add(cluster);
        ClusterKey key = cluster.key();
        if (protocol.maybeHttp()) {
            chains.http("http." + name(port), List.of(), port, table(port, protocol, key), at);
        }
        if (!protocol.isHttp()) {
            chains.tcp("tcp." + name(port), List.of(), port, route(key, pool, at), at);
        }
    }

    private static String name(int port) {
        return "inbound|" + (port == 0 ? "any" : String.valueOf(port));
    }

    private static RouteTablePlan table(int port, PortProtocol protocol, ClusterKey key) {
        VirtualHostPlan host = new VirtualHostPlan(
                "inbound|http|" + port, List.of("*"), List.of(InboundRoute.to(key, protocol)), List.of(), false);
        return new RouteTablePlan(name(port), List.of(host), RouteTablePlan.UnknownHost.NOT_FOUND);
    }

    private TcpRoutePlan route(ClusterKey key, @Nullable ConnectionPoolSettings pool, SourceRef at) {
        TcpDestination app = TcpDestination.plain(key, 1, pools.idleTimeoutMillis(pool), at);
        return new TcpRoutePlan(RuleRef.DEFAULT, List.of(app));
    }

    /**
     * Null for the dialled address and port. One whose address is unspecified stands for the dialled address with another
     * port.
     */
    private static @Nullable EndpointPlan application(@Nullable String written) {
        if (written != null && UnixSocket.isWritten(written)) {
            return EndpointPlan.unix(UnixSocket.address(written));
        }
        int colon = written == null ? -1 : written.lastIndexOf(':');
        if (written == null || colon < 0) {
            return null;
        }
        int port = Integer.parseInt(written.substring(colon + 1));
        String host = written.substring(0, colon);
        String address =
                switch (host) {
                    case "127.0.0.1" -> "127.0.0.1";
                    case "[::1]" -> "::1";
                    default -> "0.0.0.0";
                };
        return new EndpointPlan(address, port, 1, null, Map.of());
    }
}
