package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.telemetry.line.LogLine;
import java.util.List;
import java.util.function.Function;

/** A line of text whose fields are parted by spaces or quotes. */
final class TextFormat {
    private TextFormat() {}

    static LogFormat compile(String format) {
        return build(FormatPart.parse(format.stripTrailing()), Operators::compile);
    }

    static LogFormat compileLeniently(String format) {
        return build(FormatPart.parseLeniently(format.stripTrailing()), Operators::compileLeniently);
    }

    static LogFormat build(List<FormatPart> parts, Function<FormatPart.Operator, LogField> compiler) {
        LineBuilder line = new LineBuilder();
        boolean quoted = false;
        for (FormatPart part : parts) {
            if (part instanceof FormatPart.Text text) {
                line.text(text.text());
                // A value between quotes may hold spaces; outside of them a space would end its field.
                quoted ^= text.text().chars().filter(c -> c == '"').count() % 2 != 0;
            } else if (part instanceof FormatPart.Operator operator) {
                LogField field = compiler.apply(operator);
                line.value(field, new Value(field.ofRequests(), field, !quoted, operator.maxLength()), "-");
            }
        }
        return line.build();
    }

    /**
     * One operator.
     *
     * @param request what it says of a request
     * @param stream what it says of a connection
     * @param outsideQuotes its value must be one word
     */
    record Value(LogField request, LogField stream, boolean outsideQuotes, int maxLength) implements LogFormat {
        @Override
        public void write(Exchange exchange, LogLine line) {
            int start = begin(line);
            end(line, start, request.write(exchange, line));
        }

        @Override
        public void write(TcpSession session, LogLine line) {
            int start = begin(line);
            end(line, start, stream.write(session, line));
        }

        private int begin(LogLine line) {
            line.beginValue(outsideQuotes, maxLength);
            return line.size();
        }

        private void end(LogLine line, int start, boolean written) {
            if (!written) {
                line.rewind(start);
                line.raw('-');
            } else if (outsideQuotes && line.size() == start) {
                // An empty word would make two separators one.
                line.raw('-');
            }
        }
    }
}
