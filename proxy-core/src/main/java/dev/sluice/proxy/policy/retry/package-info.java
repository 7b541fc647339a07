/**
 * Step: the retry bridge, between what runs once a request and what runs once a try. In: an exchange with its
 * destination. Out: attempts, until one is let through or nothing more may be tried. Thread: event loop of the exchange.
 */
@NullMarked
package dev.sluice.proxy.policy.retry;

import org.jspecify.annotations.NullMarked;
