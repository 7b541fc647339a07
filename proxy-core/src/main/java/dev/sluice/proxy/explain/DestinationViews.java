package dev.sluice.proxy.explain;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.policy.BalancePlan.LocalityPlan;
import dev.sluice.proxy.explain.Explanation.DestinationView;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Puts the destinations of a route into words, with what their clusters say of them. */
final class DestinationViews {
    private DestinationViews() {}

    static List<DestinationView> of(ProxyPlan plan, RouteActionPlan.Forward forward) {
        double total = forward.destinations().stream()
                .mapToDouble(DestinationPlan::weight)
                .sum();
        List<DestinationView> views = new ArrayList<>();
        for (DestinationPlan destination : forward.destinations()) {
            double share = 100.0 * destination.weight() / total;
            views.add(of(plan, destination.cluster(), share));
        }
        return views;
    }

    /**
     * What bytes are carried to.
     *
     * @param share in percent
     * @param closed whether an address is a port of the proxy's own, which takes no bytes
     */
    static DestinationView ofBytes(ProxyPlan plan, ClusterKey key, double share, Predicate<InetSocketAddress> closed) {
        DestinationView view = of(plan, key, share);
        ClusterPlan cluster = plan.clusters().get(key);
        if (cluster == null || view.problem() != null) {
            return view;
        }
        for (EndpointPlan endpoint : cluster.endpoints()) {
            InetAddress address =
                    endpoint.isUnix() ? null : NetUtil.createInetAddressFromIpAddressString(endpoint.address());
            if (address != null && closed.test(new InetSocketAddress(address, endpoint.port()))) {
                return view.with("LOOP_DETECTED: " + endpoint.hostPort() + " is a port of this proxy's own");
            }
        }
        return view;
    }

    /** @param share in percent */
    static DestinationView of(ProxyPlan plan, ClusterKey key, double share) {
        ClusterPlan cluster = plan.clusters().get(key);
        return new DestinationView(
                key.host(),
                key.subset(),
                key.port(),
                share,
                cluster == null || cluster.discovery().isByRequest()
                        ? List.of()
                        : cluster.endpoints().stream()
                                .map(EndpointPlan::hostPort)
                                .toList(),
                cluster == null ? "none" : cluster.balance().algorithm().name().toLowerCase(Locale.ROOT),
                cluster == null ? null : locality(cluster.balance().locality()),
                cluster == null ? null : Protection.limits(cluster.limits()),
                cluster == null ? null : Protection.outlier(cluster.outlier()),
                problem(cluster));
    }

    private static @Nullable String locality(@Nullable LocalityPlan locality) {
        if (locality == null) {
            return null;
        }
        String from = locality.own().isEmpty() ? "an unknown place" : locality.own();
        if (!locality.distribute().isEmpty()) {
            return "distribute from " + from;
        }
        String labels = locality.failoverPriority().isEmpty() ? "" : " by " + locality.failoverPriority();
        return "failover from " + from + labels;
    }

    private static @Nullable String problem(@Nullable ClusterPlan cluster) {
        if (cluster == null) {
            return "503 NO_CLUSTER: no such host, port or subset";
        }
        boolean listed = cluster.discovery() == ClusterPlan.Discovery.STATIC;
        return listed && cluster.endpoints().isEmpty() ? "503 NO_HEALTHY_UPSTREAM: it has no endpoint" : null;
    }
}
