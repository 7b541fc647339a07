/**
 * Step: beside every part of translation. In: what a translator leaves out. Out: notices with place and code, for the log
 * and the admin port. Thread: one compilation's.
 */
@NullMarked
package dev.sluice.config.translate.notice;

import org.jspecify.annotations.NullMarked;
