/**
 * Step: where endpoints come from. In: names of clusters, and of hosts that no configuration knows. Out: clusters whose
 * endpoints follow DNS, and the address that a request's own host stands for. Thread: names are kept on one loop of their
 * own choice, and only the platform's resolver blocks, on threads of its own.
 */
@NullMarked
package dev.sluice.proxy.upstream.names;

import org.jspecify.annotations.NullMarked;
