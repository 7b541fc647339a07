/**
 * Step: between a connect and the bytes that are to flow. In: a connection to a proxy. Out: the same connection, whose bytes
 * are those of a tunnel through it. Thread: the connection's event loop.
 */
@NullMarked
package dev.sluice.proxy.upstream.tunnel;

import org.jspecify.annotations.NullMarked;
