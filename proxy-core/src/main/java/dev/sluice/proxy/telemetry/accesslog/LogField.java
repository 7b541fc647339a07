package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.telemetry.line.LogLine;

/** Writes one value of an exchange that ended. Immutable, shared by all event loops. */
@FunctionalInterface
interface LogField {
    /** A field that never has a value here. */
    LogField NEVER = (exchange, line) -> false;

    /**
     * Writes the value, text from outside only by {@link LogLine#escaped}.
     *
     * @return false when there is none; nothing may have been written then
     */
    boolean write(Exchange exchange, LogLine line);

    /** Whether JSON has the value without quotes. */
    default boolean isNumber() {
        return false;
    }

    /** A field that is a number in JSON too. */
    @FunctionalInterface
    interface OfNumber extends LogField {
        @Override
        default boolean isNumber() {
            return true;
        }
    }
}
