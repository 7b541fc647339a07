package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.telemetry.line.LogLine;
import java.util.List;

/** A JSON object whose strings are formats. The structure is copied from the template, values are written typed. */
final class JsonFormat {
    private JsonFormat() {}

    static LogFormat compile(String template) {
        LineBuilder line = new LineBuilder();
        JsonTemplate.read(template, new JsonTemplate.Visitor() {
            @Override
            public void structure(String json) {
                line.text(json);
            }

            @Override
            public void string(String value) {
                format(value, line);
            }
        });
        return line.build();
    }

    private static void format(String value, LineBuilder line) {
        List<FormatPart> parts = FormatPart.parse(value);
        if (parts.size() == 1 && parts.get(0) instanceof FormatPart.Operator operator) {
            LogField field = Operators.compile(operator);
            line.value(field.isNumber() ? new NumberValue(field) : new StringValue(field, operator.maxLength()));
            return;
        }
        line.text("\"");
        for (FormatPart part : parts) {
            if (part instanceof FormatPart.Text text) {
                line.text(JsonTemplate.escape(text.text()));
            } else if (part instanceof FormatPart.Operator operator) {
                line.value(new TextFormat.Value(Operators.compile(operator), false, operator.maxLength()));
            }
        }
        line.text("\"");
    }

    private record NumberValue(LogField field) implements LogFormat {
        @Override
        public void write(Exchange exchange, LogLine line) {
            if (!field.write(exchange, line)) {
                line.raw("null");
            }
        }
    }

    private record StringValue(LogField field, int maxLength) implements LogFormat {
        @Override
        public void write(Exchange exchange, LogLine line) {
            int start = line.size();
            line.beginValue(false, maxLength);
            line.raw('"');
            if (field.write(exchange, line)) {
                line.raw('"');
            } else {
                line.rewind(start);
                line.raw("null");
            }
        }
    }
}
