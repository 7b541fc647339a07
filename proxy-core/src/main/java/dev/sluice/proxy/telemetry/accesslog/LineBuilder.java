package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.telemetry.line.LogLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the pieces of a format in order and joins neighbouring texts. Refuses a format whose own text leaves no room
 * for values, which is what lets {@link LogLine} promise that a line is never cut in its structure.
 */
final class LineBuilder {
    /** More than any number, time, address or flag takes. */
    private static final int OWN_BYTES_OF_A_VALUE = 64;

    private final Pieces requests = new Pieces();
    private final Pieces streams = new Pieces();
    private int reserved;

    /** Text of the format, as it is. */
    void text(CharSequence more) {
        requests.text.append(more);
        streams.text.append(more);
        reserved += more.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * A value.
     *
     * @param field that {@code piece} writes
     * @param missing what {@code piece} writes where there is none
     */
    void value(LogField field, LogFormat piece, String missing) {
        if (field == LogField.NEVER) {
            requests.text.append(missing);
        } else {
            requests.add(piece);
        }
        streams.add(piece);
        reserved += OWN_BYTES_OF_A_VALUE;
    }

    /** All pieces as one format. */
    LogFormat build() {
        if (reserved > LogLine.RESERVED_BYTES) {
            throw new IllegalArgumentException("access log format: too long: its text and " + OWN_BYTES_OF_A_VALUE
                    + " bytes for each operator are " + reserved + " bytes; at most " + LogLine.RESERVED_BYTES
                    + " are allowed");
        }
        return new Whole(requests.all(), streams.all());
    }

    /** Of requests, or of connections: neighbouring texts are joined, so they differ where one has no value. */
    private static final class Pieces {
        final StringBuilder text = new StringBuilder();
        private final List<LogFormat> list = new ArrayList<>();

        void add(LogFormat piece) {
            endText();
            list.add(piece);
        }

        LogFormat[] all() {
            endText();
            return list.toArray(LogFormat[]::new);
        }

        private void endText() {
            if (!text.isEmpty()) {
                list.add(new OwnText(text.toString().getBytes(StandardCharsets.UTF_8)));
                text.setLength(0);
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Whole(LogFormat[] requests, LogFormat[] streams) implements LogFormat {
        @Override
        public void write(Exchange exchange, LogLine line) {
            for (LogFormat piece : requests) {
                piece.write(exchange, line);
            }
        }

        @Override
        public void write(TcpSession session, LogLine line) {
            for (LogFormat piece : streams) {
                piece.write(session, line);
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record OwnText(byte[] bytes) implements LogFormat {
        @Override
        public void write(Exchange exchange, LogLine line) {
            line.raw(bytes);
        }

        @Override
        public void write(TcpSession session, LogLine line) {
            line.raw(bytes);
        }
    }
}
