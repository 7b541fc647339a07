/**
 * Step: the last part of the first. In: the bytes of files. Out: every object they hold as a record ({@code CrdSet}),
 * and a finding for what no object could be made of. Thread: any; a reader keeps nothing between two files.
 */
@NullMarked
package dev.sluice.config.crd.read;

import org.jspecify.annotations.NullMarked;
