/**
 * Step: the first half of reading. In: the bytes of a YAML file, which nobody vouches for. Out: a located tree for each
 * document, aliases and merges resolved within bounds, and findings for what is not YAML. Thread: any, nothing is
 * shared.
 */
@NullMarked
package dev.sluice.config.crd.tree;

import org.jspecify.annotations.NullMarked;
