package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.telemetry.ResponseFlags;
import dev.sluice.proxy.telemetry.line.LogLine;
import org.jspecify.annotations.Nullable;

/** What became of a request. */
final class ExchangeFields {
    private ExchangeFields() {}

    static @Nullable LogField find(String operator) {
        return switch (operator) {
            case "PROTOCOL" -> text(exchange -> exchange.request().version().text());
            case "RESPONSE_CODE" -> number(Exchange::status);
            case "RESPONSE_FLAGS" -> text(ResponseFlags::of);
            case "RESPONSE_CODE_DETAILS" -> text(ExchangeFields::details);
            case "SLUICE_CODE" -> text(ExchangeFields::code);
            case "BYTES_RECEIVED" -> number(Exchange::requestBytes);
            case "BYTES_SENT" -> number(Exchange::responseBytes);
            case "UPSTREAM_REQUEST_ATTEMPT_COUNT" -> number(Exchange::attempts);
            case "GRPC_STATUS_NUMBER" -> (LogField.OfNumber) ExchangeFields::grpcStatus;
            case "ROUTE_NAME" -> (exchange, line) -> escaped(line, routeName(exchange));
            case "UPSTREAM_CLUSTER", "UPSTREAM_CLUSTER_RAW" -> ExchangeFields::cluster;
            case "UPSTREAM_TRANSPORT_FAILURE_REASON" -> (exchange, line) -> escaped(line, failureReason(exchange));
            default -> null;
        };
    }

    /** Text of our own. */
    private interface OwnText {
        @Nullable
        String of(Exchange exchange);
    }

    private interface OwnNumber {
        long of(Exchange exchange);
    }

    private static LogField text(OwnText text) {
        return (exchange, line) -> {
            String value = text.of(exchange);
            if (value != null) {
                line.raw(value);
            }
            return value != null;
        };
    }

    private static LogField.OfNumber number(OwnNumber number) {
        return (exchange, line) -> {
            line.number(number.of(exchange));
            return true;
        };
    }

    private static boolean escaped(LogLine line, @Nullable String value) {
        if (value != null) {
            line.escaped(value);
        }
        return value != null;
    }

    private static @Nullable String details(Exchange exchange) {
        ProxyError error = exchange.error();
        if (error != null) {
            return error.code().details();
        }
        Attempt attempt = exchange.attempt();
        return attempt != null && attempt.status() != 0 ? "via_upstream" : null;
    }

    private static @Nullable String code(Exchange exchange) {
        ProxyError error = exchange.error();
        return error == null ? null : error.code().name();
    }

    private static boolean grpcStatus(Exchange exchange, LogLine line) {
        int status = exchange.grpcStatus();
        if (status >= 0) {
            line.number(status);
        }
        return status >= 0;
    }

    private static @Nullable String routeName(Exchange exchange) {
        return exchange.route() == null ? null : exchange.route().rule().name();
    }

    /** As {@link ClusterKey#envoyName}, without making the string. */
    private static boolean cluster(Exchange exchange, LogLine line) {
        Destination destination = exchange.destination();
        if (destination == null || destination.cluster() == null) {
            return false;
        }
        ClusterKey key = destination.plan().cluster();
        if (key.host().equals(ClusterKey.INBOUND_HOST) || key.equals(ClusterKey.PASSTHROUGH)) {
            line.raw(key.envoyName());
            return true;
        }
        line.raw("outbound|").number(key.port()).raw('|');
        if (key.subset() != null) {
            line.escaped(key.subset());
        }
        line.raw('|').escaped(key.host());
        return true;
    }

    private static @Nullable String failureReason(Exchange exchange) {
        ProxyError error = exchange.error();
        return error != null
                        && error.code() == ErrorCode.CONNECT_FAILED
                        && !error.detail().isEmpty()
                ? error.detail()
                : null;
    }
}
