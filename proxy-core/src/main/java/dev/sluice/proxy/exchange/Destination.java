package dev.sluice.proxy.exchange;

import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.proxy.cluster.Cluster;
import org.jspecify.annotations.Nullable;

/**
 * A destination of a route, joined with the live cluster behind it. Immutable; shared by all event loops.
 *
 * @param plan what was configured
 * @param cluster null when there is no such cluster: 503 NO_CLUSTER
 * @param attempts the cluster's part of the attempt chain: admission, balance, pool; null exactly when cluster is
 */
public record Destination(DestinationPlan plan, @Nullable Cluster cluster, @Nullable AttemptStage attempts) {}
