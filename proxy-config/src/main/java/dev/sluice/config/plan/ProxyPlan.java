package dev.sluice.config.plan;

import java.util.List;
import java.util.Map;

/**
 * The whole compiled configuration of one proxy.
 *
 * @param listeners addresses to bind, each with its route table; unique by {@link ListenerPlan#bind()}
 * @param clusters every (host, port, subset) that a route can name and that exists; a key that a route names and that
 *     is missing here answers 503 NO_CLUSTER
 * @param settings what holds for the process rather than for one route
 */
public record ProxyPlan(
        List<ListenerPlan> listeners, Map<ClusterKey, ClusterPlan> clusters, ProxySettingsPlan settings) {
    public ProxyPlan {
        listeners = List.copyOf(listeners);
        clusters = Map.copyOf(clusters);
    }

    /** A proxy that listens nowhere. */
    public static ProxyPlan empty() {
        return new ProxyPlan(List.of(), Map.of(), ProxySettingsPlan.DEFAULTS);
    }
}
