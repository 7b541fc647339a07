/**
 * Step: shadow copies, decided before the first attempt. In: the stable random number of a request. Out: whether a mirror takes part. Thread: deciders are immutable and shared by all event loops;
 * heads belong to the loop of their exchange.
 */
@NullMarked
package dev.sluice.proxy.policy.mirror;

import org.jspecify.annotations.NullMarked;
