/**
 * Step: beside the request path. In: manifests of workloads, and what a profile says about proxies. Out: the same manifests
 * with a proxy beside the app, everything else as it was written. Thread: the command's own.
 */
@NullMarked
package dev.sluice.proxy.kubernetes.inject;

import org.jspecify.annotations.NullMarked;
