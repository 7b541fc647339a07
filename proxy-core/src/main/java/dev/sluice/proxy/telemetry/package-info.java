/**
 * Step: beside the request path. In: exchanges that ended. Out: access log lines and Istio's standard metrics. Thread:
 * observers run on event loops and must not block; lines are written by a thread of their own.
 */
@NullMarked
package dev.sluice.proxy.telemetry;

import org.jspecify.annotations.NullMarked;
