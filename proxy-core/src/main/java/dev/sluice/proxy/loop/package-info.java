/**
 * Step: below everything, the event loops themselves. In: ready sockets and tasks. Out: turns of bounded length, and a word
 * about each that was too long all the same. Thread: a loop times its own turns; one watchdog thread a process looks at all.
 */
@NullMarked
package dev.sluice.proxy.loop;

import org.jspecify.annotations.NullMarked;
