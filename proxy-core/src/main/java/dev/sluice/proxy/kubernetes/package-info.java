/**
 * Step: beside the request path, before any request. In: manifests, installation profiles, configuration files. Out: Kubernetes
 * objects in which Sluice runs. Thread: the command's own.
 */
@NullMarked
package dev.sluice.proxy.kubernetes;

import org.jspecify.annotations.NullMarked;
