/**
 * Step: part of the third of the configuration path. In: single values of a file: names, addresses, expressions. Out:
 * whether they are what Istio takes them for, and if not, why. Thread: any, pure functions.
 */
@NullMarked
package dev.sluice.config.validate.text;

import org.jspecify.annotations.NullMarked;
