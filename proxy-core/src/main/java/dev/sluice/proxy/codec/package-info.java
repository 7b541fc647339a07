/**
 * Step: the two protocols. In: bytes of one connection. Out: streams of {@link dev.sluice.proxy.stream} on the server
 * side, and streams that others open on the client side. Thread: the connection's event loop.
 *
 * <p>Here is what both share. Each protocol has two packages below: its wire format, which knows no channel ({@link
 * dev.sluice.proxy.codec.http1}, {@link dev.sluice.proxy.codec.http2}), and in {@code connection} under it the handlers of
 * its connections and their streams.
 */
@NullMarked
package dev.sluice.proxy.codec;

import org.jspecify.annotations.NullMarked;
