package dev.sluice.proxy.cluster;

import dev.sluice.config.plan.ClusterPlan;
import java.util.List;

/**
 * Told how a cluster changes. Called after the change is visible, in the order of the changes, on the thread that made
 * it (configuration, DNS, or an event loop); must neither block nor change the cluster.
 */
public interface ClusterObserver {
    /** A reload put other settings in force; {@code before} are the old ones. */
    default void settingsChanged(Cluster cluster, ClusterPlan before) {}

    /** Members joined or left. Those that only changed weight, labels or locality are in neither list. */
    default void endpointsChanged(Cluster cluster, List<Endpoint> joined, List<Endpoint> left) {}

    /** An endpoint was ejected or came back. */
    default void healthChanged(Cluster cluster, Endpoint endpoint, Health before) {}
}
