package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Exchange;
import org.jspecify.annotations.Nullable;

/** How long the parts of an exchange took, in milliseconds. */
final class TimingFields {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private TimingFields() {}

    static @Nullable LogField find(String operator) {
        return switch (operator) {
            case "DURATION" -> span(Exchange::startedNanos, Exchange::endNanos);
            case "REQUEST_DURATION" -> span(Exchange::startedNanos, Exchange::requestEndNanos);
            case "RESPONSE_DURATION" -> span(Exchange::startedNanos, TimingFields::upstreamHeadNanos);
            case "RESPONSE_TX_DURATION" -> span(TimingFields::upstreamHeadNanos, Exchange::endNanos);
            default -> null;
        };
    }

    private interface Instant {
        /** The exchange's clock in nanoseconds; 0 when it never came. */
        long of(Exchange exchange);
    }

    private static LogField.OfNumber span(Instant from, Instant to) {
        return (exchange, line) -> {
            long start = from.of(exchange);
            long end = to.of(exchange);
            if (start == 0 || end == 0) {
                return false;
            }
            line.number((end - start) / NANOS_PER_MILLI);
            return true;
        };
    }

    private static long upstreamHeadNanos(Exchange exchange) {
        Attempt attempt = exchange.attempt();
        return attempt != null && attempt.status() != 0 && attempt.connection() != null
                ? exchange.responseHeadNanos()
                : 0;
    }
}
