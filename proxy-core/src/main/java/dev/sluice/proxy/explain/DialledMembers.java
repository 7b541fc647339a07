package dev.sluice.proxy.explain;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.ProxyPlan;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is left of headless services for a client that dialled an address: of those that have it, that endpoint. */
final class DialledMembers {
    private DialledMembers() {}

    /** The plan as it is for such a client; the very plan where that changes nothing. */
    static ProxyPlan of(ProxyPlan plan, InetAddress dialled) {
        String address = NetUtil.toAddressString(dialled);
        Map<ClusterKey, ClusterPlan> changed = new HashMap<>();
        for (ClusterPlan cluster : plan.clusters().values()) {
            if (cluster.discovery() == Discovery.HEADLESS) {
                for (EndpointPlan endpoint : cluster.endpoints()) {
                    if (endpoint.address().equals(address)) {
                        changed.put(cluster.key(), cluster.withEndpoints(List.of(endpoint)));
                    }
                }
            }
        }
        if (changed.isEmpty()) {
            return plan;
        }
        Map<ClusterKey, ClusterPlan> clusters = new HashMap<>(plan.clusters());
        clusters.putAll(changed);
        return new ProxyPlan(plan.listeners(), clusters, plan.settings(), plan.secrets(), plan.hidden());
    }
}
