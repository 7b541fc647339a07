/**
 * Step: the fourth of translation. In: VirtualServices with their delegates. Out: route plans in order, one a match
 * block, for one gateway (or the mesh) and port; and the rules that cannot run there, with the reason. Thread: any, pure
 * functions.
 */
@NullMarked
package dev.sluice.config.translate.route;

import org.jspecify.annotations.NullMarked;
