/**
 * Step: beside the request path; HTTP of the admin port. In: connections of operators and their tools, and the pages of
 * package {@code admin}. Out: answers, or refusals where Host, origin, method, header or token do not allow. Thread: the
 * admin port's own, never an event loop of traffic.
 */
@NullMarked
package dev.sluice.proxy.admin.http;

import org.jspecify.annotations.NullMarked;
