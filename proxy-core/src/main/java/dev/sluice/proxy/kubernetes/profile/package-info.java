/**
 * Step: beside the request path. In: a built-in installation profile, IstioOperator files laid over it, single settings. Out:
 * one tree, and what of it concerns the proxy. Thread: the command's own.
 */
@NullMarked
package dev.sluice.proxy.kubernetes.profile;

import org.jspecify.annotations.NullMarked;
