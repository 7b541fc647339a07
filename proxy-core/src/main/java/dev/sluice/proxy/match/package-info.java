/**
 * Step: below routing and policies, which both ask whether a string of a request is what somebody configured. In: matchers
 * and field names of a plan. Out: compiled matchers, and the values of a request head that they look at. Thread: everything
 * is immutable and shared by all event loops.
 */
@NullMarked
package dev.sluice.proxy.match;

import org.jspecify.annotations.NullMarked;
