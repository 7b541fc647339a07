/**
 * Step: routes that answer by themselves. In: a routed request. Out: a redirect or a direct response. Thread: event loop of the exchange; deciders and stages are immutable and shared.
 */
@NullMarked
package dev.sluice.proxy.policy.redirect;

import org.jspecify.annotations.NullMarked;
