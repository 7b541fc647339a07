/**
 * Step: beside everything. In: what the code, Netty and the JDK have to say about the process itself. Out: the same, to
 * whoever takes it ({@link dev.sluice.proxy.log.LogTarget}). Thread: any.
 */
@NullMarked
package dev.sluice.proxy.log;

import org.jspecify.annotations.NullMarked;
