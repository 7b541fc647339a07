/**
 * Step: the outermost. In: a command line, the environment, signals. Out: a running proxy, findings, explanations, an exit
 * code. Thread: the main thread and the configuration thread; event loops only through the layers below.
 */
@NullMarked
package dev.sluice.proxy.app;

import org.jspecify.annotations.NullMarked;
