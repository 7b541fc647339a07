/**
 * Step: part of the third of the configuration path. In: all objects. Out: what does not fit together across documents,
 * with Istio's own codes and levels (spec §10); a class a concern. Nothing is compared pair by pair: hosts, selectors and
 * names are indexed. Thread: any; an analysis is one thread's.
 */
@NullMarked
package dev.sluice.config.validate.cross;

import org.jspecify.annotations.NullMarked;
