/**
 * Step: the live state of upstream services, which survives reloads. In: cluster plans and resolved addresses. Out:
 * clusters with their endpoints and exact counters. Thread: any; endpoints are swapped as immutable sets, counters are
 * atomics.
 */
@NullMarked
package dev.sluice.proxy.cluster;

import org.jspecify.annotations.NullMarked;
