/**
 * Step: part of the third of the configuration path. In: Gateways and Sidecars. Out: what Istio's validation would refuse or warn of in
 * them (spec §11.3, §11.5), and what it accepts without effect. Thread: any, pure functions.
 */
@NullMarked
package dev.sluice.config.validate.listener;

import org.jspecify.annotations.NullMarked;
