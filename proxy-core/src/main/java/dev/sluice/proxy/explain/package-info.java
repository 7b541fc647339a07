/**
 * Step: beside the request path. In: a request that somebody asks about. Out: what the router would do with it and why.
 * It walks the real router with a recorder, so that the two cannot differ. Thread: any.
 */
@NullMarked
package dev.sluice.proxy.explain;

import org.jspecify.annotations.NullMarked;
