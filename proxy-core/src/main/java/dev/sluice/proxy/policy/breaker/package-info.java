/**
 * Step: admission to a cluster. In: an attempt. Out: a permit held until the attempt ends, or 503. Thread: event loop of the exchange; stages are immutable and shared.
 */
@NullMarked
package dev.sluice.proxy.policy.breaker;

import org.jspecify.annotations.NullMarked;
