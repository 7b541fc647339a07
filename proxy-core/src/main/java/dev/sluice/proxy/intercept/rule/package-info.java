/**
 * Step: the first of interception: which rules there should be. In: what to intercept ({@link
 * dev.sluice.proxy.intercept.rule.Interception}). Out: tables, chains and rules in both languages of the kernel's tools. Thread:
 * any, pure functions.
 */
@NullMarked
package dev.sluice.proxy.intercept.rule;

import org.jspecify.annotations.NullMarked;
