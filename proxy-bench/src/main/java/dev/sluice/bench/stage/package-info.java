/**
 * Step: none of the request path; it measures steps of it one by one. In: plans and requests made here. Out: JMH's figures.
 * Thread: JMH's.
 */
@NullMarked
package dev.sluice.bench.stage;

import org.jspecify.annotations.NullMarked;
