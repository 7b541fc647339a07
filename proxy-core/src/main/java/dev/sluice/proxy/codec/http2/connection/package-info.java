/**
 * Step: HTTP/2's connections. In: frames that have passed {@link dev.sluice.proxy.codec.http2}, or what a stream's owner
 * writes. Out: streams beside each other, a handler for each side; their windows, resets and GOAWAY. Thread: the
 * connection's event loop, one instance each.
 */
@NullMarked
package dev.sluice.proxy.codec.http2.connection;

import org.jspecify.annotations.NullMarked;
