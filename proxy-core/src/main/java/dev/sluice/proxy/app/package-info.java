/**
 * Step: the outermost: commands. In: a command line. Out: a running {@linkplain dev.sluice.proxy.app.process process}, findings,
 * explanations, an exit code. Thread: the main thread; event loops only through the layers below.
 */
@NullMarked
package dev.sluice.proxy.app;

import org.jspecify.annotations.NullMarked;
