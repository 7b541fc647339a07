/**
 * Step: the two protocols. In: bytes of one connection. Out: streams of {@link dev.sluice.proxy.stream} on the server
 * side, and streams that others open on the client side. Thread: the connection's event loop.
 */
@NullMarked
package dev.sluice.proxy.codec;

import org.jspecify.annotations.NullMarked;
