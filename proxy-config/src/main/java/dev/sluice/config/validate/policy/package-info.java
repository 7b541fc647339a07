/**
 * Step: part of the third of the configuration path. In: DestinationRules. Out: what Istio's validation would refuse or warn of in
 * them (spec §11.2), and what it accepts without effect. Thread: any, pure functions.
 */
@NullMarked
package dev.sluice.config.validate.policy;

import org.jspecify.annotations.NullMarked;
