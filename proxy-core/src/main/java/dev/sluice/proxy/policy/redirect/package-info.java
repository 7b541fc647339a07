/**
 * Step: routes that answer by themselves: redirect and direct response. In: a request head. Out: a Location, or a status with a body. Thread: deciders are immutable and shared by all event loops;
 * heads belong to the loop of their exchange.
 */
@NullMarked
package dev.sluice.proxy.policy.redirect;

import org.jspecify.annotations.NullMarked;
