/**
 * Step: the first. In: accepted connections. Out: exchanges that have been given to their listener's entry stage. Thread:
 * binding and draining are called from the configuration thread; everything of a connection runs on its event loop.
 */
@NullMarked
package dev.sluice.proxy.listener;

import org.jspecify.annotations.NullMarked;
