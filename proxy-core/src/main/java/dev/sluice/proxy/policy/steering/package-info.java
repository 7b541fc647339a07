/**
 * Step: headers that steer the proxy, between the listener's entry and the router. In: requests of the mesh's listeners.
 * Out: the same without these headers; those of the app with what they ask for. Thread: event loop of the exchange.
 */
@NullMarked
package dev.sluice.proxy.policy.steering;

import org.jspecify.annotations.NullMarked;
