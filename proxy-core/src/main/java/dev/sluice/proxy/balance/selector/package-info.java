/**
 * Step: part of balance. In: the members of a cluster as they are now, their health, places and weights, and the hash of a
 * request's key. Out: one of them. Thread: event loops; selectors are immutable or atomic and shared by all of them.
 */
@NullMarked
package dev.sluice.proxy.balance.selector;

import org.jspecify.annotations.NullMarked;
