package dev.sluice.proxy.app.rehearse;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ConnectPlan;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.plan.ProxySettingsPlan;
import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.TrafficPlan;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.plan.policy.BalancePlan;
import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.config.plan.policy.TimeoutPlan;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** A listener on an ephemeral port of loopback with one weighted route, which leads to one cluster either way. */
final class RehearsalPlan {
    private static final String NAME = "rehearsal";
    private static final String LOOPBACK = "127.0.0.1";

    private RehearsalPlan() {}

    /** The plan of a proxy that leads all requests to {@code upstream}. */
    static ProxyPlan towards(InetSocketAddress upstream) {
        ClusterKey cluster = new ClusterKey(NAME, upstream.getPort(), null);
        RouteActionPlan forward = new RouteActionPlan.Forward(
                List.of(destination(cluster, 75), destination(cluster, 25)),
                null,
                List.of(),
                null,
                TimeoutPlan.NONE,
                RetryPlan.DEFAULT,
                null,
                RouteActionPlan.Forward.DEFAULT_REPLAY_LIMIT_BYTES);
        RoutePlan route = new RoutePlan(RuleRef.DEFAULT, MatchPlan.ANY, forward, HeaderPlan.NONE);
        VirtualHostPlan host = new VirtualHostPlan(NAME, List.of("*"), List.of(route), List.of(), false);
        RouteTablePlan table = new RouteTablePlan(NAME, List.of(host), RouteTablePlan.UnknownHost.NOT_FOUND);
        ListenerPlan listener = new ListenerPlan(
                NAME,
                new BindAddress(LOOPBACK, 0),
                ListenerPlan.Kind.GATEWAY,
                TrafficPlan.cleartext(table),
                List.of(),
                SourceRef.NONE);
        return new ProxyPlan(
                List.of(listener), Map.of(cluster, cluster(cluster, upstream)), ProxySettingsPlan.DEFAULTS);
    }

    private static DestinationPlan destination(ClusterKey cluster, int weight) {
        return new DestinationPlan(cluster, weight, HeaderPlan.NONE, HashPlan.NONE);
    }

    private static ClusterPlan cluster(ClusterKey key, InetSocketAddress upstream) {
        return new ClusterPlan(
                key,
                ClusterPlan.Discovery.STATIC,
                List.of(new EndpointPlan(
                        upstream.getAddress().getHostAddress(), upstream.getPort(), 1, null, Map.of())),
                ClusterPlan.UpstreamProtocol.HTTP1,
                ConnectPlan.PLAIN,
                BalancePlan.DEFAULT,
                LimitsPlan.DEFAULT,
                null,
                SourceRef.NONE);
    }
}
