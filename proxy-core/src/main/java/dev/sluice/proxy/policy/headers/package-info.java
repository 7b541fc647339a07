/**
 * Step: what a route changes on heads: header operations, path and authority. In: a request head before the first attempt, and the final response head. Out: the same heads, edited in place. Thread: deciders are immutable and shared by all event loops;
 * heads belong to the loop of their exchange.
 */
@NullMarked
package dev.sluice.proxy.policy.headers;

import org.jspecify.annotations.NullMarked;
