package dev.sluice.config.plan;

import dev.sluice.config.plan.chain.SecretPlan;
import java.util.List;
import java.util.Map;

/**
 * The whole compiled configuration of one proxy.
 *
 * @param listeners addresses to bind, each with its route table; unique by {@link ListenerPlan#bind()}
 * @param clusters every (host, port, subset) that a route can name and that exists; a key that a route names and that
 *     is missing here answers 503 NO_CLUSTER
 * @param settings what holds for the process rather than for one route
 * @param secrets of the configuration, those that a listener or a cluster names
 * @param hidden services that are declared and that the workload does not see
 */
public record ProxyPlan(
        List<ListenerPlan> listeners,
        Map<ClusterKey, ClusterPlan> clusters,
        ProxySettingsPlan settings,
        List<SecretPlan> secrets,
        HiddenServicesPlan hidden) {
    public ProxyPlan {
        listeners = List.copyOf(listeners);
        clusters = Map.copyOf(clusters);
        secrets = List.copyOf(secrets);
    }

    /** A proxy whose certificates, if any, are in files, and from which nothing is hidden. */
    public ProxyPlan(List<ListenerPlan> listeners, Map<ClusterKey, ClusterPlan> clusters, ProxySettingsPlan settings) {
        this(listeners, clusters, settings, List.of(), HiddenServicesPlan.NONE);
    }

    /** A proxy that listens nowhere. */
    public static ProxyPlan empty() {
        return new ProxyPlan(List.of(), Map.of(), ProxySettingsPlan.DEFAULTS);
    }
}
