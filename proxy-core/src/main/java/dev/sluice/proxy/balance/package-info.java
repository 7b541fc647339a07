/**
 * Step: between admission and the pool. In: an attempt with its cluster. Out: the same attempt with an endpoint. Thread:
 * event loops; selectors are immutable or atomic and shared by all of them.
 */
@NullMarked
package dev.sluice.proxy.balance;

import org.jspecify.annotations.NullMarked;
