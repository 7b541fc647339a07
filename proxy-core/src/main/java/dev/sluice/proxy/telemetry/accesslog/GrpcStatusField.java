package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.telemetry.line.LogLine;
import org.jspecify.annotations.Nullable;

/** {@code %GRPC_STATUS%}: the name of the status that went to the client; its number where it has no name. */
final class GrpcStatusField implements LogField {
    private static final String[] CAMEL = {
        "OK",
        "Canceled",
        "Unknown",
        "InvalidArgument",
        "DeadlineExceeded",
        "NotFound",
        "AlreadyExists",
        "PermissionDenied",
        "ResourceExhausted",
        "FailedPrecondition",
        "Aborted",
        "OutOfRange",
        "Unimplemented",
        "Internal",
        "Unavailable",
        "DataLoss",
        "Unauthenticated"
    };
    private static final String[] SNAKE = {
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED"
    };

    private final String[] names;

    private GrpcStatusField(String[] names) {
        this.names = names;
    }

    static LogField field(@Nullable String style) {
        if (style == null || style.isEmpty() || style.equals("CAMEL_STRING")) {
            return new GrpcStatusField(CAMEL);
        }
        return switch (style) {
            case "SNAKE_STRING" -> new GrpcStatusField(SNAKE);
            case "NUMBER" -> new GrpcStatusField(new String[0]);
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
        if (status < names.length) {
            line.raw(names[status]);
        } else {
            line.number(status);
        }
        return true;
    }
}
