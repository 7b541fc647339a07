/**
 * Step: the end of the configuration path, for what a route or a cluster may be told to do beside passing requests on. In:
 * what {@code translate} compiled. Out: pure records, one for each policy, of which a stage or a live cluster is made; and
 * how a string is matched, which conditions of routes use too. Nothing here knows of routes or clusters. Thread: any,
 * everything is immutable.
 */
@NullMarked
package dev.sluice.config.plan.policy;

import org.jspecify.annotations.NullMarked;
