/**
 * Step: HTTP/1 as text (RFC 9112). In: bytes or heads. Out: heads or bytes, and a {@link
 * dev.sluice.proxy.codec.http1.Refusal} for what must not pass. Knows no channel. Thread: the connection's event loop,
 * one instance each.
 */
@NullMarked
package dev.sluice.proxy.codec.http1;

import org.jspecify.annotations.NullMarked;
