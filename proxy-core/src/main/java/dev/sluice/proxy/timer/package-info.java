/**
 * Step: beside everything. In: delays. Out: calls on the same event loop. Thread: one wheel per event loop, used from that
 * loop only.
 */
@NullMarked
package dev.sluice.proxy.timer;

import org.jspecify.annotations.NullMarked;
