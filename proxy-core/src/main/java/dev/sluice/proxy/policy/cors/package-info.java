/**
 * Step: cross-origin requests, before anything is forwarded. In: a request head, and the response head of an allowed origin. Out: an answer to a preflight, or a response with its CORS headers. Thread: deciders are immutable and shared by all event loops;
 * heads belong to the loop of their exchange.
 */
@NullMarked
package dev.sluice.proxy.policy.cors;

import org.jspecify.annotations.NullMarked;
