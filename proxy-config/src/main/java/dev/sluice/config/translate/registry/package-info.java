/**
 * Step: the first of translation. In: ServiceEntries, WorkloadEntries, Kubernetes' Services with their EndpointSlices,
 * Pods and workloads. Out: services with ports and endpoints, whoever may see them. Thread: any, pure functions.
 */
@NullMarked
package dev.sluice.config.translate.registry;

import org.jspecify.annotations.NullMarked;
