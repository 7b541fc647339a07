/**
 * Step: HTTP/2's rules (RFC 9113) on top of Netty's codec. In: frames and header lists. Out: settings, verdicts, counters
 * and what Netty leaves open; the handlers of {@code connection} do the talking. Thread: the connection's event loop, one
 * instance each; what is static or immutable, any.
 */
@NullMarked
package dev.sluice.proxy.codec.http2;

import org.jspecify.annotations.NullMarked;
