/**
 * Step: beside {@code cluster} and {@code listener}. In: TLS settings of Gateways, Sidecars and DestinationRules. Out: plans
 * of how TLS ends or begins, and the Secrets that they name. Thread: one compilation's.
 */
@NullMarked
package dev.sluice.config.translate.tls;

import org.jspecify.annotations.NullMarked;
