package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.telemetry.line.LogLine;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Who talked to whom. */
final class PeerFields {
    private PeerFields() {}

    static @Nullable LogField find(String operator) {
        return switch (operator) {
            case "UPSTREAM_HOST" -> PeerFields::upstreamHost;
            case "UPSTREAM_PROTOCOL" -> PeerFields::upstreamProtocol;
            case "REQUESTED_SERVER_NAME" -> PeerFields::serverName;
            case "CONNECTION_ID" -> (LogField.OfNumber) PeerFields::connectionId;
            default -> address(operator);
        };
    }

    private static @Nullable LogField address(String operator) {
        SocketAddressText.Part part = SocketAddressText.partOf(operator);
        return switch (SocketAddressText.addressOf(operator)) {
            case "DOWNSTREAM_REMOTE_ADDRESS" -> field(Exchange::clientAddress, part);
            case "DOWNSTREAM_DIRECT_REMOTE_ADDRESS" ->
                field(exchange -> exchange.downstream().connection().remoteAddress(), part);
            case "DOWNSTREAM_LOCAL_ADDRESS" ->
                field(exchange -> exchange.downstream().connection().localAddress(), part);
            case "UPSTREAM_REMOTE_ADDRESS" -> field(PeerFields::upstreamRemote, part);
            case "UPSTREAM_LOCAL_ADDRESS" -> field(PeerFields::upstreamLocal, part);
            default -> null;
        };
    }

    private interface AddressSource {
        @Nullable
        SocketAddress of(Exchange exchange);
    }

    private static LogField field(AddressSource source, SocketAddressText.Part part) {
        LogField field = (exchange, line) -> SocketAddressText.write(line, source.of(exchange), part);
        if (part != SocketAddressText.Part.PORT) {
            return field;
        }
        return (LogField.OfNumber) field::write;
    }

    private static @Nullable SocketAddress upstreamRemote(Exchange exchange) {
        ClientConnection connection = connection(exchange);
        return connection == null ? null : connection.remoteAddress();
    }

    private static @Nullable SocketAddress upstreamLocal(Exchange exchange) {
        ClientConnection connection = connection(exchange);
        return connection == null ? null : connection.localAddress();
    }

    private static boolean upstreamHost(Exchange exchange, LogLine line) {
        Attempt attempt = exchange.attempt();
        Endpoint endpoint = attempt == null ? null : attempt.endpoint();
        if (endpoint != null) {
            line.escaped(endpoint.hostPort());
        }
        return endpoint != null;
    }

    private static boolean upstreamProtocol(Exchange exchange, LogLine line) {
        ClientConnection connection = connection(exchange);
        if (connection != null) {
            line.raw(connection.version().text());
        }
        return connection != null;
    }

    private static boolean serverName(Exchange exchange, LogLine line) {
        String name = exchange.downstream().connection().serverName();
        if (name != null) {
            line.escaped(name);
        }
        return name != null;
    }

    private static boolean connectionId(Exchange exchange, LogLine line) {
        line.number(exchange.downstream().connection().id());
        return true;
    }

    private static @Nullable ClientConnection connection(Exchange exchange) {
        Attempt attempt = exchange.attempt();
        return attempt == null ? null : attempt.connection();
    }
}
