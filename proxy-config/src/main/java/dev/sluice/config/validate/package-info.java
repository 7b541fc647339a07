/**
 * Step: the third of the configuration path. In: a set of documents. Out: findings that a person can act on, each
 * with its place and code. Thread: any, pure functions.
 */
@NullMarked
package dev.sluice.config.validate;

import org.jspecify.annotations.NullMarked;
