/**
 * Step: shadow copies. In: a routed request after its edits. Out: the request itself, untouched, and copies whose responses are thrown away. Thread: event loop of the exchange; deciders and stages are immutable and shared.
 */
@NullMarked
package dev.sluice.proxy.policy.mirror;

import org.jspecify.annotations.NullMarked;
