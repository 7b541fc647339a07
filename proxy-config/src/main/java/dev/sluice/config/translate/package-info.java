/**
 * Step: the fourth of the configuration path. In: a set of documents without blocking findings. Out: a plan, with
 * host visibility, subset and policy merge and route order settled. Thread: any, pure functions.
 */
@NullMarked
package dev.sluice.config.translate;

import org.jspecify.annotations.NullMarked;
