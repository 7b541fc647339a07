package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.telemetry.line.LogLine;

/** How long the parts of an exchange took, in milliseconds. */
final class TimingFields {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private TimingFields() {}

    /** @param start on the exchange's clock, as {@code end}; 0 when it never came */
    static boolean span(LogLine line, long start, long end) {
        if (!isSpan(start, end)) {
            return false;
        }
        line.number(millis(start, end));
        return true;
    }

    /** Whether both times came. */
    static boolean isSpan(long start, long end) {
        return start != 0 && end != 0;
    }

    /** Whole milliseconds from one time to the other. */
    static long millis(long start, long end) {
        return (end - start) / NANOS_PER_MILLI;
    }

    /** When the head of an upstream's response went out; 0 when there was none. */
    static long upstreamHeadNanos(Exchange exchange) {
        Attempt attempt = exchange.attempt();
        return attempt != null && attempt.status() != 0 && attempt.connection() != null
                ? exchange.responseHeadNanos()
                : 0;
    }
}
