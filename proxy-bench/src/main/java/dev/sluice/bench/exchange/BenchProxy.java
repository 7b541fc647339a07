package dev.sluice.bench.exchange;

import dev.sluice.bench.BenchPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.source.MissingConfigException;
import dev.sluice.proxy.assembly.RunningProxy;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.upstream.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The proxy under test: one worker, a header rule and a route split 75 to 25, both halves at one upstream. */
final class BenchProxy implements AutoCloseable {
    private static final String CONFIGURATION =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: gw}
            spec:
              servers:
              - port: {number: LISTEN, name: http, protocol: HTTP}
                bind: 127.0.0.1
                hosts: ["*"]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 9080, name: web, protocol: PROTOCOL}]
              endpoints:
              - {address: 127.0.0.1, ports: {web: UPSTREAM}, labels: {version: v1}}
              - {address: 127.0.0.1, ports: {web: UPSTREAM}, labels: {version: v2}}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: reviews
              trafficPolicy: CLUSTER_POLICY
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: ["bench.test"]
              gateways: [gw]
              http:
              - match: [{headers: {end-user: {exact: jason}}}]
                route: [{destination: {host: reviews, subset: v2}}]
              - route:
                - {destination: {host: reviews, subset: v1}, weight: 75}
                - {destination: {host: reviews, subset: v2}, weight: 25}
                ROUTE_POLICY
            """;

    private final RunningProxy proxy;
    private final InetSocketAddress address;

    private BenchProxy(RunningProxy proxy, InetSocketAddress address) {
        this.proxy = proxy;
        this.address = address;
    }

    static BenchProxy start(String portProtocol, int upstreamPort, Policies policies)
            throws IOException, MissingConfigException {
        int port = freePort();
        ProxyPlan plan = BenchPlan.of(CONFIGURATION
                .replace("LISTEN", Integer.toString(port))
                .replace("PROTOCOL", portProtocol)
                .replace("UPSTREAM", Integer.toString(upstreamPort))
                .replace("CLUSTER_POLICY", policies.cluster())
                .replace("ROUTE_POLICY", policies.route()));
        RunningProxy proxy = new RunningProxy(
                Transport.start(Transport.Kind.AUTO, 1), CodecLimits.DEFAULT, listener -> ExchangeObserver.NONE);
        if (!proxy.apply(plan).isEmpty()) {
            proxy.close();
            throw new IOException("cannot bind 127.0.0.1:" + port);
        }
        return new BenchProxy(proxy, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** A port nobody holds at the moment; the YAML has to name one. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        proxy.close();
    }
}
