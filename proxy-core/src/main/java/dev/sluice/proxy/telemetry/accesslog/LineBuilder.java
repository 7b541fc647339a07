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

    private final List<LogFormat> pieces = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private int reserved;

    /** Text of the format, as it is. */
    void text(CharSequence more) {
        text.append(more);
    }

    /** A value of the exchange. */
    void value(LogFormat piece) {
        endText();
        pieces.add(piece);
        reserved += OWN_BYTES_OF_A_VALUE;
    }

    /** All pieces as one format. */
    LogFormat build() {
        endText();
        if (reserved > LogLine.RESERVED_BYTES) {
            throw new IllegalArgumentException("access log format: too long: its text and " + OWN_BYTES_OF_A_VALUE
                    + " bytes for each operator are " + reserved + " bytes; at most " + LogLine.RESERVED_BYTES
                    + " are allowed");
        }
        return new Whole(pieces.toArray(LogFormat[]::new));
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Whole(LogFormat[] pieces) implements LogFormat {
        @Override
        public void write(Exchange exchange, LogLine line) {
            for (LogFormat piece : pieces) {
                piece.write(exchange, line);
            }
        }

        @Override
        public void write(TcpSession session, LogLine line) {
            for (LogFormat piece : pieces) {
                piece.write(session, line);
            }
        }
    }

    private void endText() {
        if (!text.isEmpty()) {
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            text.setLength(0);
            reserved += bytes.length;
            pieces.add(new OwnText(bytes));
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
