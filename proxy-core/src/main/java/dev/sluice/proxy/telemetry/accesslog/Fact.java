package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.telemetry.ResponseFlags;
import dev.sluice.proxy.telemetry.line.LogLine;
import org.jspecify.annotations.Nullable;

/**
 * The operators of an ordinary line, all in one class: a line has two dozen of them, and what finds its way by a switch is
 * both faster and smaller than a class for each.
 */
enum Fact implements LogField {
    PROTOCOL,
    RESPONSE_CODE(true),
    RESPONSE_FLAGS,
    RESPONSE_CODE_DETAILS,
    SLUICE_CODE,
    BYTES_RECEIVED(true),
    BYTES_SENT(true),
    UPSTREAM_REQUEST_ATTEMPT_COUNT(true),
    GRPC_STATUS_NUMBER(true),
    ROUTE_NAME,
    UPSTREAM_CLUSTER,
    UPSTREAM_TRANSPORT_FAILURE_REASON,
    DURATION(true),
    REQUEST_DURATION(true),
    RESPONSE_DURATION(true),
    RESPONSE_TX_DURATION(true),
    UPSTREAM_HOST,
    UPSTREAM_PROTOCOL,
    REQUESTED_SERVER_NAME,
    CONNECTION_ID(true),
    DOWNSTREAM_REMOTE_ADDRESS,
    DOWNSTREAM_DIRECT_REMOTE_ADDRESS,
    DOWNSTREAM_LOCAL_ADDRESS,
    UPSTREAM_REMOTE_ADDRESS,
    UPSTREAM_LOCAL_ADDRESS,
    /** {@code %START_TIME%} without a format. */
    ISO_START_TIME;

    private final boolean number;

    Fact() {
        this(false);
    }

    Fact(boolean number) {
        this.number = number;
    }

    /** The field of an operator without arguments; null when it is not one of these. */
    static @Nullable Fact find(String operator) {
        if (operator.equals("UPSTREAM_CLUSTER_RAW")) {
            return UPSTREAM_CLUSTER;
        }
        for (Fact fact : values()) {
            if (fact != ISO_START_TIME && fact.name().equals(operator)) {
                return fact;
            }
        }
        return null;
    }

    @Override
    public boolean isNumber() {
        return number;
    }

    @Override
    public boolean write(Exchange exchange, LogLine line) {
        return switch (this) {
            case PROTOCOL -> line.rawIfAny(exchange.request().version().text());
            case RESPONSE_CODE -> number(line, exchange.status());
            case RESPONSE_FLAGS -> line.rawIfAny(ResponseFlags.of(exchange));
            case RESPONSE_CODE_DETAILS -> line.rawIfAny(ExchangeFields.details(exchange));
            case SLUICE_CODE -> line.rawIfAny(ExchangeFields.code(exchange));
            case BYTES_RECEIVED -> number(line, exchange.requestBytes());
            case BYTES_SENT -> number(line, exchange.responseBytes());
            case UPSTREAM_REQUEST_ATTEMPT_COUNT -> number(line, ExchangeFields.attempts(exchange));
            case GRPC_STATUS_NUMBER -> exchange.grpcStatus() >= 0 && number(line, exchange.grpcStatus());
            case ROUTE_NAME -> line.escapedIfAny(ExchangeFields.routeName(exchange));
            case UPSTREAM_CLUSTER -> ExchangeFields.cluster(exchange, line);
            case UPSTREAM_TRANSPORT_FAILURE_REASON -> line.escapedIfAny(ExchangeFields.failureReason(exchange));
            case DURATION -> TimingFields.span(line, exchange.startedNanos(), exchange.endNanos());
            case REQUEST_DURATION -> TimingFields.span(line, exchange.startedNanos(), exchange.requestEndNanos());
            case RESPONSE_DURATION ->
                TimingFields.span(line, exchange.startedNanos(), TimingFields.upstreamHeadNanos(exchange));
            case RESPONSE_TX_DURATION ->
                TimingFields.span(line, TimingFields.upstreamHeadNanos(exchange), exchange.endNanos());
            case UPSTREAM_HOST -> PeerFields.upstreamHost(exchange, line);
            case UPSTREAM_PROTOCOL -> line.rawIfAny(PeerFields.upstreamProtocol(exchange));
            case REQUESTED_SERVER_NAME ->
                line.escapedIfAny(exchange.connection().serverName());
            case CONNECTION_ID -> number(line, exchange.connection().id());
            case DOWNSTREAM_REMOTE_ADDRESS -> PeerFields.client(exchange, line);
            case DOWNSTREAM_DIRECT_REMOTE_ADDRESS ->
                SocketAddressText.write(line, exchange.connection().directRemoteAddress());
            case DOWNSTREAM_LOCAL_ADDRESS ->
                SocketAddressText.write(line, exchange.connection().localAddress());
            case UPSTREAM_REMOTE_ADDRESS -> SocketAddressText.write(line, PeerFields.upstreamRemote(exchange));
            case UPSTREAM_LOCAL_ADDRESS -> SocketAddressText.write(line, PeerFields.upstreamLocal(exchange));
            case ISO_START_TIME -> isoStart(line, exchange.startedMillis());
        };
    }

    private static boolean number(LogLine line, long value) {
        line.number(value);
        return true;
    }

    private static boolean isoStart(LogLine line, long epochMillis) {
        line.utc().writeIso(line, epochMillis);
        return true;
    }
}
