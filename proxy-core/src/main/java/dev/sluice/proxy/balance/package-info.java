/**
 * Step: between admission and the pool. In: an attempt with its cluster. Out: the same attempt with an endpoint, picked by the
 * cluster's {@linkplain dev.sluice.proxy.balance.selector selector} of now. Thread: event loops; a selector is made anew on
 * one of them, or on a thread for large tables.
 */
@NullMarked
package dev.sluice.proxy.balance;

import org.jspecify.annotations.NullMarked;
