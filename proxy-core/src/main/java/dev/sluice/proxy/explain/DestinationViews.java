package dev.sluice.proxy.explain;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.policy.BalancePlan.LocalityPlan;
import dev.sluice.proxy.balance.selector.Distribution;
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
    private final ProxyPlan plan;
    private final MissingClusters missing;

    DestinationViews(ProxyPlan plan, HiddenHosts hidden) {
        this.plan = plan;
        this.missing = new MissingClusters(plan, hidden);
    }

    List<DestinationView> of(RouteActionPlan.Forward forward) {
        double total = forward.destinations().stream()
                .mapToDouble(DestinationPlan::weight)
                .sum();
        List<DestinationView> views = new ArrayList<>();
        for (DestinationPlan destination : forward.destinations()) {
            double share = 100.0 * destination.weight() / total;
            views.add(of(destination.cluster(), share));
        }
        return views;
    }

    /**
     * What bytes are carried to.
     *
     * @param share in percent
     * @param closed whether an address is a port of the proxy's own, which takes no bytes
     */
    DestinationView ofBytes(ClusterKey key, double share, Predicate<InetSocketAddress> closed) {
        DestinationView view = of(key, share);
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
    DestinationView of(ClusterKey key, double share) {
        ClusterPlan cluster = plan.clusters().get(key);
        return new DestinationView(
                key.host(),
                key.subset(),
                key.port(),
                share,
                cluster == null ? List.of() : endpoints(cluster),
                cluster == null ? "none" : cluster.balance().algorithm().name().toLowerCase(Locale.ROOT),
                cluster == null ? null : locality(cluster.balance().locality()),
                cluster == null ? null : Protection.limits(cluster.limits()),
                cluster == null ? null : Protection.outlier(cluster.outlier()),
                cluster == null ? "503 NO_CLUSTER: " + missing.why(key) : problem(cluster));
    }

    /** Of a cluster whose endpoint each request says, what is known of it: the address that was dialled. */
    private static List<String> endpoints(ClusterPlan cluster) {
        boolean byRequest = cluster.discovery().isByRequest();
        return cluster.endpoints().stream()
                .filter(endpoint -> !byRequest || !endpoint.isOfEachRequest())
                .map(EndpointPlan::hostPort)
                .toList();
    }

    private static @Nullable String locality(@Nullable LocalityPlan locality) {
        if (locality == null) {
            return null;
        }
        String from = locality.own().isEmpty() ? "an unknown place" : locality.own();
        if (!locality.distribute().isEmpty()) {
            return Distribution.of(locality) == null
                    ? "distribute has no entry for " + from
                    : "distribute from " + from;
        }
        String labels = locality.failoverPriority().isEmpty() ? "" : " by " + locality.failoverPriority();
        return "failover from " + from + labels;
    }

    private static @Nullable String problem(ClusterPlan cluster) {
        return cluster.discovery().isListed() && cluster.endpoints().isEmpty()
                ? "503 NO_HEALTHY_UPSTREAM: it has no endpoint"
                : null;
    }
}
