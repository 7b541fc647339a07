/**
 * Step: after services, routes and clusters. In: what a Sidecar lets in, and MeshConfig. Out: the listeners of redirected
 * connections, each with the chains of all addresses and ports that somebody may have dialled, and the clusters that stand
 * for dialled addresses. Thread: any, one at a time.
 */
@NullMarked
package dev.sluice.config.translate.intercept;

import org.jspecify.annotations.NullMarked;
