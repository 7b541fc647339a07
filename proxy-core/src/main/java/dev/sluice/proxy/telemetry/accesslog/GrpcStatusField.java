package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.config.plan.words.GrpcStatusNames;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.telemetry.line.LogLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code %GRPC_STATUS%}: the name of a call's status; its number where it has no name, or where numbers are asked for. */
final class GrpcStatusField implements LogField {
    private final List<String> names;

    private GrpcStatusField(List<String> names) {
        this.names = names;
    }

    static LogField field(@Nullable String style) {
        if (style == null || style.isEmpty() || style.equals("CAMEL_STRING")) {
            return new GrpcStatusField(GrpcStatusNames.CAMEL);
        }
        return switch (style) {
            case "SNAKE_STRING" -> new GrpcStatusField(GrpcStatusNames.SNAKE);
            case "NUMBER" -> new GrpcStatusField(List.of());
            default ->
                throw new IllegalArgumentException("access log format: %GRPC_STATUS(" + style
                        + ")%: expected CAMEL_STRING, SNAKE_STRING or NUMBER");
        };
    }

    @Override
    public boolean write(Exchange exchange, LogLine line) {
        int status = exchange.grpcStatus();
        if (status < 0) {
            return false;
        }
        if (status < names.size()) {
            line.raw(names.get(status));
        } else {
            line.number(status);
        }
        return true;
    }

    @Override
    public boolean isNumber() {
        return names.isEmpty();
    }
}
