/**
 * Step: part of the third of the configuration path. In: ServiceEntries and WorkloadEntries. Out: what Istio's validation would refuse or warn of in
 * them (spec §11.4, §11.6), and what it accepts without effect. Thread: any, pure functions.
 */
@NullMarked
package dev.sluice.config.validate.service;

import org.jspecify.annotations.NullMarked;
