/**
 * Step: the first of the configuration path. In: the text of YAML documents. Out: records as written, every node
 * with its file, line and column, and findings for what cannot be read. Thread: any, nothing is shared.
 */
@NullMarked
package dev.sluice.config.crd;

import org.jspecify.annotations.NullMarked;
