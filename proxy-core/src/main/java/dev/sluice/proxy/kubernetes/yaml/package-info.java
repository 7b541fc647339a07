/**
 * Step: beside the request path. In: Kubernetes' YAML as people write it. Out: trees of nodes that keep order, comments and
 * quotes, and can be changed and written back. Thread: the command's own.
 */
@NullMarked
package dev.sluice.proxy.kubernetes.yaml;

import org.jspecify.annotations.NullMarked;
