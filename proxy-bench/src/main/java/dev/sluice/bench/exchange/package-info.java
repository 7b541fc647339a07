/**
 * Whole exchanges through a proxy in this process, between a client and an upstream that are nothing but prepared bytes on
 * loopback sockets: they allocate nothing, so all that a run allocates is the proxy's.
 */
@NullMarked
package dev.sluice.bench.exchange;

import org.jspecify.annotations.NullMarked;
