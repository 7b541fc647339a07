/**
 * Step: the last before the wire. In: an endpoint's address and the event loop of an exchange. Out: an established connection
 * with its client codec, or the reason why there is none. Thread: connects run on the given event loop, so an exchange
 * never hops.
 *
 * <p>Where the addresses come from is in {@link dev.sluice.proxy.upstream.names}.
 */
@NullMarked
package dev.sluice.proxy.upstream;

import org.jspecify.annotations.NullMarked;
