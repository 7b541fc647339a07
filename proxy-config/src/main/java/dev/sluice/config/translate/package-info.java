/**
 * Step: the fourth of the configuration path. In: a set of documents without blocking findings, and who this proxy is.
 * Out: a plan, with host visibility, subset and policy merge and route order settled. Thread: any, pure functions.
 *
 * <p>Below, in reading order: {@code registry} (which services there are), {@code scope} (which of all objects exist for
 * this proxy), {@code cluster} (services and DestinationRules), {@code route} (VirtualServices), {@code listener} (Gateways,
 * the Sidecar, {@code --outbound}); {@code notice} takes what is left out. Each knows only those before it.
 */
@NullMarked
package dev.sluice.config.translate;

import org.jspecify.annotations.NullMarked;
