/**
 * Step: the first bytes of a connection that a proxy in front of us opened. In: those bytes. Out: whose connection it is, by
 * the PROXY protocol. Thread: the connection's event loop; stateless.
 */
@NullMarked
package dev.sluice.proxy.codec.proxyprotocol;

import org.jspecify.annotations.NullMarked;
