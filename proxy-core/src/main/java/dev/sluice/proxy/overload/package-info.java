/**
 * Step: beside everything. In: how full the memory is, and who holds it. Out: smaller reads, writers that wait, connections
 * and streams that are ended. Thread: {@link dev.sluice.proxy.overload.MemoryPressure} is for any, all else belongs to one
 * event loop.
 */
@NullMarked
package dev.sluice.proxy.overload;

import org.jspecify.annotations.NullMarked;
