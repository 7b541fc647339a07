/**
 * Step: HTTP/1's connections. In: bytes as a channel reads them, or what a stream's owner writes; {@link
 * dev.sluice.proxy.codec.http1} reads and writes their text. Out: one stream after the other, a handler for each side;
 * when to read on, to flush, to give up and to linger. Thread: the connection's event loop, one instance each.
 */
@NullMarked
package dev.sluice.proxy.codec.http1.connection;

import org.jspecify.annotations.NullMarked;
