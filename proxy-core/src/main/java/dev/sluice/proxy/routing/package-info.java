/**
 * Step: which rule takes a request. In: a request head. Out: a route with its destinations and stage chain, or the reason
 * why there is none. Thread: everything is immutable and shared by all event loops.
 */
@NullMarked
package dev.sluice.proxy.routing;

import org.jspecify.annotations.NullMarked;
