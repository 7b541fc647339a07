/**
 * Step: beside the request path, at the end of an exchange. In: an exchange that ended and a format, compiled once. Out:
 * one line into a sink. Thread: formats are compiled on the configuration thread; lines are written on event loops, which
 * never wait for the sink.
 */
@NullMarked
package dev.sluice.proxy.telemetry.accesslog;

import org.jspecify.annotations.NullMarked;
