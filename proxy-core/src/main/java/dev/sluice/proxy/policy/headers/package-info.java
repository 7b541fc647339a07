/**
 * Step: header operations and rewrites. In: a routed request, later its response head. Out: the same heads, edited. Thread: event loop of the exchange; deciders and stages are immutable and shared.
 */
@NullMarked
package dev.sluice.proxy.policy.headers;

import org.jspecify.annotations.NullMarked;
