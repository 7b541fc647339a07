/**
 * Step: part of the third of the configuration path. In: parts that several kinds have in common. Out: findings with
 * their places, through a {@code Report}. Thread: any, pure functions; a report is one thread's.
 */
@NullMarked
package dev.sluice.config.validate.rule;

import org.jspecify.annotations.NullMarked;
