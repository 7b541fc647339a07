package dev.sluice.config.plan;

/**
 * A shadow copy.
 *
 * @param cluster where it goes; skipped when there is no such cluster
 * @param perMillion share of requests, 0 to 1,000,000 (spec/istio-fields.md §1.1: truncated, not rounded)
 * @param at where it is written
 */
public record MirrorPlan(ClusterKey cluster, int perMillion, SourceRef at) {}
