package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.telemetry.line.LogLine;
import java.util.List;
import java.util.function.Function;

/** A JSON object whose strings are formats. The structure is copied from the template, values are written typed. */
final class JsonFormat {
    private JsonFormat() {}

    static LogFormat compile(String template) {
        return build(template, FormatPart::parse, Operators::compile);
    }

    /** @throws IllegalArgumentException when the template is no JSON object, or too long */
    static LogFormat compileLeniently(String template) {
        return build(template, FormatPart::parseLeniently, Operators::compileLeniently);
    }

    static LogFormat build(
            String template,
            Function<String, List<FormatPart>> parser,
            Function<FormatPart.Operator, LogField> compiler) {
        LineBuilder line = new LineBuilder();
        JsonTemplate.read(template, new JsonTemplate.Visitor() {
            @Override
            public void structure(String json) {
                line.text(json);
            }

            @Override
            public void string(String value) {
                format(parser.apply(value), compiler, line);
            }
        });
        return line.build();
    }

    private static void format(
            List<FormatPart> parts, Function<FormatPart.Operator, LogField> compiler, LineBuilder line) {
        if (parts.size() == 1 && parts.get(0) instanceof FormatPart.Operator operator) {
            LogField field = compiler.apply(operator);
            line.value(
                    field,
                    field.isNumber()
                            ? new NumberValue(field.ofRequests(), field)
                            : new StringValue(field.ofRequests(), field, operator.maxLength()),
                    "null");
            return;
        }
        line.text("\"");
        for (FormatPart part : parts) {
            if (part instanceof FormatPart.Text text) {
                line.text(JsonTemplate.escape(text.text()));
            } else if (part instanceof FormatPart.Operator operator) {
                LogField field = compiler.apply(operator);
                line.value(field, new TextFormat.Value(field.ofRequests(), field, false, operator.maxLength()), "-");
            }
        }
        line.text("\"");
    }

    private record NumberValue(LogField request, LogField stream) implements LogFormat {
        @Override
        public void write(Exchange exchange, LogLine line) {
            end(line, request.write(exchange, line));
        }

        @Override
        public void write(TcpSession session, LogLine line) {
            end(line, stream.write(session, line));
        }

        private static void end(LogLine line, boolean written) {
            if (!written) {
                line.raw("null");
            }
        }
    }

    private record StringValue(LogField request, LogField stream, int maxLength) implements LogFormat {
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
            int start = line.size();
            line.beginValue(false, maxLength);
            line.raw('"');
            return start;
        }

        private static void end(LogLine line, int start, boolean written) {
            if (written) {
                line.raw('"');
            } else {
                line.rewind(start);
                line.raw("null");
            }
        }
    }
}
