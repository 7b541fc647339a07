/**
 * Step: the second of the outermost. In: options, a configuration, signals. Out: a running proxy with its log, its metrics, its admin
 * port and its reloads. Thread: the main thread and the configuration thread; event loops only through the layers below.
 */
@NullMarked
package dev.sluice.proxy.app.process;

import org.jspecify.annotations.NullMarked;
