/**
 * Step: the third of translation. In: services and DestinationRules. Out: clusters, one a service port and subset, with
 * their policies layered and settled. Thread: any, pure functions.
 */
@NullMarked
package dev.sluice.config.translate.cluster;

import org.jspecify.annotations.NullMarked;
