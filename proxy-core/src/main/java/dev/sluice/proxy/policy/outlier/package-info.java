/**
 * Step: outlier detection. In: how each attempt ended at its endpoint. Out: endpoints that leave the healthy set of their
 * cluster and come back. Thread: outcomes on the event loop of the exchange, sweeps on one event loop a cluster.
 */
@NullMarked
package dev.sluice.proxy.policy.outlier;

import org.jspecify.annotations.NullMarked;
