/**
 * Step: the second of translation. In: the objects, and who this proxy is. Out: what of them exists for this proxy, by
 * exportTo, Sidecar and selectors, in order of precedence. Thread: any, pure functions.
 */
@NullMarked
package dev.sluice.config.translate.scope;

import org.jspecify.annotations.NullMarked;
