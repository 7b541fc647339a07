package dev.sluice.proxy.explain;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.proxy.upstream.names.ForbiddenAddresses;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is left of services for a client that dialled an address: of headless ones that have it, that endpoint; of those whose
 * endpoint is whatever was dialled, that address, unless it may not be reached.
 */
final class DialledMembers {
    private DialledMembers() {}

    /** The plan as it is for such a client; the very plan where that changes nothing. */
    static ProxyPlan of(ProxyPlan plan, InetSocketAddress dialled) {
        Map<ClusterKey, ClusterPlan> changed = new HashMap<>();
        for (ClusterPlan cluster : plan.clusters().values()) {
            EndpointPlan endpoint = endpoint(cluster, dialled);
            if (endpoint != null) {
                changed.put(cluster.key(), cluster.withEndpoints(List.of(endpoint)));
            }
        }
        if (changed.isEmpty()) {
            return plan;
        }
        Map<ClusterKey, ClusterPlan> clusters = new HashMap<>(plan.clusters());
        clusters.putAll(changed);
        return new ProxyPlan(plan.listeners(), clusters, plan.settings(), plan.secrets(), plan.hidden());
    }

    /** The one that is meant; null where what was dialled says nothing. */
    private static @Nullable EndpointPlan endpoint(ClusterPlan cluster, InetSocketAddress dialled) {
        String address = NetUtil.toAddressString(dialled.getAddress());
        if (cluster.discovery() == Discovery.HEADLESS) {
            for (EndpointPlan endpoint : cluster.endpoints()) {
                if (endpoint.address().equals(address)) {
                    return endpoint;
                }
            }
        }
        if (cluster.discovery() != Discovery.ORIGINAL_DESTINATION
                || ForbiddenAddresses.contains(dialled.getAddress())) {
            return null;
        }
        List<EndpointPlan> written = cluster.endpoints();
        int port = written.isEmpty() ? dialled.getPort() : written.get(0).port();
        return new EndpointPlan(address, port, 1, null, Map.of());
    }
}
