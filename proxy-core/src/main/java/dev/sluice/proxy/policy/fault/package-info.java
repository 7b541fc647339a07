/**
 * Step: injected faults. In: the route's fault policy. Out: a delay, an abort, or nothing. Thread: event loop of the exchange; stages are immutable and shared.
 */
@NullMarked
package dev.sluice.proxy.policy.fault;

import org.jspecify.annotations.NullMarked;
