/**
 * Step: cross-origin requests. In: a routed request. Out: an answer to a preflight, or an edit of the response. Thread: event loop of the exchange; deciders and stages are immutable and shared.
 */
@NullMarked
package dev.sluice.proxy.policy.cors;

import org.jspecify.annotations.NullMarked;
