/**
 * Step: part of the third of the configuration path. In: all objects. Out: what the analyses of {@code cross} ask: services
 * by host, rules, workloads and endpoints by labels, who sees what, what a misspelt name may have meant. Everything is
 * indexed, so that no analysis looks at pairs. Thread: any; an index is one thread's.
 */
@NullMarked
package dev.sluice.config.validate.world;

import org.jspecify.annotations.NullMarked;
