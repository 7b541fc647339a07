/**
 * Step: part of the third of the configuration path. In: VirtualServices. Out: what Istio's validation would refuse or warn of in
 * them (spec §11.1), and what it accepts without effect. Thread: any, pure functions.
 */
@NullMarked
package dev.sluice.config.validate.route;

import org.jspecify.annotations.NullMarked;
