/**
 * Step: beside the path of requests, in a process of its own. In: where a running proxy says whether it is ready. Out: that it
 * is, or that it did not become so in time. Thread: the command's own, which waits.
 */
@NullMarked
package dev.sluice.proxy.app.ready;

import org.jspecify.annotations.NullMarked;
