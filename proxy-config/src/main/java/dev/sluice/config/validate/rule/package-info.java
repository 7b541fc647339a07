/**
 * Step: part of the third of the configuration path. In: one object. Out: what Istio's validation would refuse or warn
 * of in it (spec §11), and what it accepts although it can have no effect; a class a kind or concern. Thread: any, pure
 * functions.
 */
@NullMarked
package dev.sluice.config.validate.rule;

import org.jspecify.annotations.NullMarked;
