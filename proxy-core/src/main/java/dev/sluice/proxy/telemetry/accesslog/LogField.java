package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.telemetry.line.LogLine;

/** Writes one value of an exchange or of a connection that ended. Immutable, shared by all event loops. */
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

    /** The same of a connection that carried bytes; most fields are of requests alone. */
    default boolean write(TcpSession session, LogLine line) {
        return false;
    }

    /** This field, and {@code stream} for connections that carry bytes. */
    default LogField or(StreamFields.StreamField stream) {
        return new Both(this, stream);
    }

    /** What is asked of requests: the same field, by one call less where it is of connections too. */
    default LogField ofRequests() {
        return this;
    }

    /** A field of requests and of connections. */
    record Both(LogField request, StreamFields.StreamField stream) implements LogField {
        @Override
        public boolean write(Exchange exchange, LogLine line) {
            return request.write(exchange, line);
        }

        @Override
        public boolean write(TcpSession session, LogLine line) {
            return stream.write(session, line);
        }

        @Override
        public LogField ofRequests() {
            return request;
        }

        @Override
        public boolean isNumber() {
            return request.isNumber();
        }
    }

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
