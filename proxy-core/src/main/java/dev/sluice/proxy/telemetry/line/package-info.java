/**
 * Step: beside the request path. In: lines that event loops have formatted. Out: bytes to a file or a terminal, from a
 * bounded buffer. Thread: lines are written into the buffer by any thread and never wait; one thread a sink writes them
 * out.
 */
@NullMarked
package dev.sluice.proxy.telemetry.line;

import org.jspecify.annotations.NullMarked;
