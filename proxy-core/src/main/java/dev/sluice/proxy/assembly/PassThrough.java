package dev.sluice.proxy.assembly;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ConnectPlan;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.RouteActionPlan.Forward;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.policy.BalancePlan;
import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.config.plan.policy.TimeoutPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.Cancellable;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.upstream.Connector;
import dev.sluice.proxy.upstream.names.DnsResolver;
import dev.sluice.proxy.upstream.names.DynamicHosts;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;

/**
 * ALLOW_ANY: a request to a host that nobody declared goes to that host, without retries and timeout
 * (spec/istio-fields.md §5, outboundTrafficPolicy). Thread-safe.
 */
final class PassThrough implements RouteStage, AutoCloseable {
    private static final int DEFAULT_PORT = 80;
    private static final ProxyError NO_HOST =
            ProxyError.downstream(ErrorCode.BAD_REQUEST, "the request names no host and port to go to");

    private final DynamicHosts<LiveCluster> hosts;
    private final RouteStage bridge = RouteChain.passThrough(Forward.DEFAULT_REPLAY_LIMIT_BYTES);

    /** @param own addresses of this proxy, which must not be reached through it */
    PassThrough(DnsResolver dns, Connector connector, Predicate<InetSocketAddress> own) {
        this.hosts = new DynamicHosts<>(dns, DynamicHosts.Bounds.DEFAULT, new Owner(connector), own);
    }

    private record Owner(Connector connector) implements DynamicHosts.Owner<LiveCluster> {
        @Override
        public LiveCluster open(ClusterKey key, EndpointPlan endpoint) {
            Cluster cluster = new Cluster(plan(key));
            cluster.moveLogicalEndpoint(endpoint, System.nanoTime());
            return LiveCluster.join(cluster, ClusterEnd.pooled(cluster, connector));
        }

        private static ClusterPlan plan(ClusterKey key) {
            return new ClusterPlan(
                    key,
                    ClusterPlan.Discovery.LOGICAL_DNS,
                    List.of(),
                    ClusterPlan.UpstreamProtocol.SAME_AS_DOWNSTREAM,
                    ConnectPlan.PLAIN,
                    BalancePlan.DEFAULT,
                    LimitsPlan.DEFAULT,
                    null,
                    SourceRef.NONE);
        }

        @Override
        public void moved(LiveCluster opened, EndpointPlan endpoint) {
            opened.cluster().moveLogicalEndpoint(endpoint, System.nanoTime());
        }

        @Override
        public boolean isInUse(LiveCluster opened) {
            return opened.cluster().requests().used() > 0
                    || opened.cluster().pending().used() > 0;
        }

        @Override
        public void close(LiveCluster opened) {
            opened.close();
        }
    }

    @Override
    public void handle(Exchange exchange) {
        InetSocketAddress dialled = exchange.connection().dialled();
        if (dialled != null) {
            // Whatever name the request bears: it was sent to this address.
            forward(exchange, NetUtil.toAddressString(dialled.getAddress()), dialled.getPort());
            return;
        }
        String authority = exchange.request().authority();
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = hasPort ? authority.substring(0, colon) : authority;
        int port = hasPort ? port(authority.substring(colon + 1)) : DEFAULT_PORT;
        if (host.isEmpty() || port < 0) {
            exchange.fail(NO_HOST);
            return;
        }
        forward(exchange, unbracketed(host), port);
    }

    private void forward(Exchange exchange, String host, int port) {
        Cancellable waiting = hosts.find(exchange.loop(), host, port, new DynamicHosts.Outcome<>() {
            @Override
            public void found(LiveCluster opened) {
                exchange.waitingFor(null);
                forward(exchange, opened);
            }

            @Override
            public void failed(ProxyError error) {
                exchange.waitingFor(null);
                exchange.fail(error);
            }
        });
        if (waiting != null) {
            exchange.waitingFor(waiting);
        }
    }

    private void forward(Exchange exchange, LiveCluster opened) {
        Cluster cluster = opened.cluster();
        DestinationPlan plan = new DestinationPlan(cluster.key(), 1, HeaderPlan.NONE, HashPlan.NONE);
        RoutePlan route = new RoutePlan(
                RuleRef.DEFAULT,
                MatchPlan.ANY,
                new Forward(
                        List.of(plan),
                        null,
                        List.of(),
                        null,
                        TimeoutPlan.NONE,
                        RetryPlan.OFF,
                        null,
                        Forward.DEFAULT_REPLAY_LIMIT_BYTES),
                HeaderPlan.NONE);
        exchange.routed(route, new Destination(plan, cluster, opened.attempts()));
        bridge.handle(exchange);
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(String digits) {
        if (digits.isEmpty() || digits.length() > 5) {
            return -1;
        }
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            port = port * 10 + digit;
        }
        return port >= 1 && port <= 65535 ? port : -1;
    }

    @Override
    public void close() {
        hosts.close();
    }
}
