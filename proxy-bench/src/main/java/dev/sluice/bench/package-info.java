/**
 * Step: none of the request path; it measures it. In: plans and requests made here. Out: JMH's figures. Thread: JMH's.
 */
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
