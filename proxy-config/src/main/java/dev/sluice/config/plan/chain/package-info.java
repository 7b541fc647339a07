/**
 * Step: the end of the configuration path, for connections that are told apart before any request is read. In: what {@code
 * translate} compiled of servers with TLS, of {@code tls} and {@code tcp} routes, and of intercepted traffic. Out: pure
 * records: which connections a chain takes, how its TLS ends, and what becomes of the bytes. Thread: any, everything is
 * immutable.
 *
 * <p>Key material is in one class only, {@link dev.sluice.config.plan.chain.SecretPlan}, which prints none of it.
 */
@NullMarked
package dev.sluice.config.plan.chain;

import org.jspecify.annotations.NullMarked;
