/**
 * Step: from plan to running proxy. In: a compiled plan. Out: live clusters, routers and stage chains in one snapshot.
 * Thread: the configuration thread; nothing here runs on a request's path.
 */
@NullMarked
package dev.sluice.proxy.assembly;

import org.jspecify.annotations.NullMarked;
