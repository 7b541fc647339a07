/**
 * Step: for connections that carry bytes, all between listener and socket. In: an accepted connection and the route that its
 * chain has. Out: a connection to an endpoint of the route's destination, bytes carried both ways until both sides have
 * ended, and a session told to its observer. Thread: the client's event loop, which is the upstream connection's too.
 */
@NullMarked
package dev.sluice.proxy.tcp;

import org.jspecify.annotations.NullMarked;
