/**
 * Step: beside all of them, of proxy-config and of the proxy. In: nothing. Out: words that the writers of configuration and
 * the proxy use alike, and what they mean. Thread: any.
 */
@NullMarked
package dev.sluice.config.plan.words;

import org.jspecify.annotations.NullMarked;
