/**
 * Step: part of the first of the configuration path. In: located trees of Kubernetes' own kinds. Out: records of what
 * Sluice reads of them, services and who stands behind them. Thread: any, everything is immutable.
 */
@NullMarked
package dev.sluice.config.crd.kube;

import org.jspecify.annotations.NullMarked;
