package dev.sluice.config.plan;

import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.config.plan.policy.HeaderPlan;

/**
 * One destination of a route.
 *
 * @param cluster whether or not such a cluster exists
 * @param weight share is weight / sum of the route's weights; 1 where the route has a single destination
 * @param headers operations of the destination level
 * @param hash consistent hash keys of this destination's policy, {@link HashPlan#NONE} when it has none
 */
public record DestinationPlan(ClusterKey cluster, int weight, HeaderPlan headers, HashPlan hash) {}
