/**
 * Step: beside the proxy, for the training of start-up caches only. In: the addresses of a proxy that runs for this. Out: traffic of
 * every protocol through it, so that a JVM which records what it loads and compiles sees what a proxy does. Thread: one for
 * each connection, blocking; never an event loop.
 */
@NullMarked
package dev.sluice.proxy.app.train;

import org.jspecify.annotations.NullMarked;
