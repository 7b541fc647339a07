/**
 * Step: the first of the outermost. In: a command line and the environment. Out: what they ask for, checked; or the one line that
 * says what makes no sense. Thread: the main thread.
 */
@NullMarked
package dev.sluice.proxy.app.options;

import org.jspecify.annotations.NullMarked;
