/**
 * Step: what is in force. In: an assembled configuration. Out: one volatile reference that a request reads once. Thread:
 * written by the configuration thread, read by event loops.
 */
@NullMarked
package dev.sluice.proxy.snapshot;

import org.jspecify.annotations.NullMarked;
