/**
 * Step: the end of the configuration path. In: what {@code translate} compiled from Istio's objects. Out: pure records
 * that proxy-core turns into a running snapshot; Istio's own words are gone. Thread: any, everything is immutable.
 *
 * <p>Here is what stands where: listeners, virtual hosts, routes, clusters. What they are told to do is in {@link
 * dev.sluice.config.plan.policy}, and connections told apart before any request in {@link dev.sluice.config.plan.chain}.
 *
 * <p>Equality of plans tells what a reload changed, so file, line and column stay out of it (see {@link
 * dev.sluice.config.plan.SourceRef}).
 */
@NullMarked
package dev.sluice.config.plan;

import org.jspecify.annotations.NullMarked;
