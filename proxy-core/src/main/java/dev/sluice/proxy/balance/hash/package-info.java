/**
 * Step: routing, once a request of a route that hashes. In: a request with its connection. Out: the hash of its keys, in the
 * exchange, and which of the route's destinations that hash belongs to. Thread: event loops; everything here is immutable.
 */
@NullMarked
package dev.sluice.proxy.balance.hash;

import org.jspecify.annotations.NullMarked;
