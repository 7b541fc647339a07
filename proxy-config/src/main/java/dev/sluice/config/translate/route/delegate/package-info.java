/**
 * Step: the first of the fourth of translation. In: a VirtualService and those that it delegates to. Out: its rules in order,
 * what they inherit included, and why some never run. Thread: any, pure functions.
 */
@NullMarked
package dev.sluice.config.translate.route.delegate;

import org.jspecify.annotations.NullMarked;
