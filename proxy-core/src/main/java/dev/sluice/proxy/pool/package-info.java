/**
 * Step: between balancing and the wire. In: an attempt with its endpoint. Out: a stream on a pooled or a new connection,
 * on the exchange's own event loop. Thread: a pool belongs to one event loop; the cluster's permits and the queue for them
 * are shared by all and exact.
 */
@NullMarked
package dev.sluice.proxy.pool;

import org.jspecify.annotations.NullMarked;
