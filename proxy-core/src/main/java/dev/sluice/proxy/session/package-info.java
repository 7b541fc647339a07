/**
 * Step: what becomes of a connection whose bytes are carried as they are. In: what {@code tcp} learns of it as it goes. Out:
 * facts for logs and metrics. Thread: the connection's event loop.
 */
@NullMarked
package dev.sluice.proxy.session;

import org.jspecify.annotations.NullMarked;
