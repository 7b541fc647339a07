/**
 * Step: beside the request path. In: an installation profile and configuration files. Out: the Kubernetes objects of its
 * gateways. Thread: the command's own.
 */
@NullMarked
package dev.sluice.proxy.kubernetes.gateway;

import org.jspecify.annotations.NullMarked;
