/**
 * Step: the last of translation. In: Gateways, the Sidecar, {@code --outbound}, and the routes made for them. Out: listener
 * plans, each with its table of virtual hosts. Thread: any, pure functions.
 */
@NullMarked
package dev.sluice.config.translate.listener;

import org.jspecify.annotations.NullMarked;
