/**
 * Step: the second of the configuration path. In: files and folders, and the news that they changed. Out: a set
 * of documents, or findings. Thread: a watcher of its own; what it hands out is immutable.
 */
@NullMarked
package dev.sluice.config.source;

import org.jspecify.annotations.NullMarked;
