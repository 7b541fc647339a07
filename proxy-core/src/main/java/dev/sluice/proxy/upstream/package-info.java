/**
 * Step: the last before the wire, and where endpoints come from. In: an endpoint's address and the event loop of an
 * exchange; names of clusters and of hosts that no configuration knows. Out: an established connection with its client
 * codec, or the reason why there is none; clusters whose endpoints follow DNS. Thread: connects run on the given event
 * loop, so an exchange never hops; names are kept on one loop of their own choice, and only the platform's resolver blocks,
 * on threads of its own.
 */
@NullMarked
package dev.sluice.proxy.upstream;

import org.jspecify.annotations.NullMarked;
