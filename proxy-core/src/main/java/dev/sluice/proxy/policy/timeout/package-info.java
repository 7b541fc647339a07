/**
 * Step: how long a request and each of its tries may take. In: the route's timeouts. Out: 504 when one passes. Thread: event loop of the exchange; stages are immutable and shared.
 */
@NullMarked
package dev.sluice.proxy.policy.timeout;

import org.jspecify.annotations.NullMarked;
