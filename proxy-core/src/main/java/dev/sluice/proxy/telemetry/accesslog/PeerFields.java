package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.telemetry.line.LogLine;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Who talked to whom. */
final class PeerFields {
    private PeerFields() {}

    /** The host or the port of an address, which few formats ask for by itself; null for any other operator. */
    static @Nullable LogField partOfAddress(String operator) {
        SocketAddressText.Part part = SocketAddressText.partOf(operator);
        LogField field =
                switch (SocketAddressText.addressOf(operator)) {
                    case "DOWNSTREAM_REMOTE_ADDRESS" ->
                        (exchange, line) -> SocketAddressText.write(line, exchange.clientAddress(), part);
                    case "DOWNSTREAM_DIRECT_REMOTE_ADDRESS" ->
                        (exchange, line) -> SocketAddressText.write(
                                line, exchange.connection().directRemoteAddress(), part);
                    case "DOWNSTREAM_LOCAL_ADDRESS" ->
                        (exchange, line) -> SocketAddressText.write(
                                line, exchange.connection().localAddress(), part);
                    case "UPSTREAM_REMOTE_ADDRESS" ->
                        (exchange, line) -> SocketAddressText.write(line, upstreamRemote(exchange), part);
                    case "UPSTREAM_LOCAL_ADDRESS" ->
                        (exchange, line) -> SocketAddressText.write(line, upstreamLocal(exchange), part);
                    default -> null;
                };
        return field == null || part != SocketAddressText.Part.PORT ? field : (LogField.OfNumber) field::write;
    }

    /** The client: that of the connection, or whom proxies in front of us named. */
    static boolean client(Exchange exchange, LogLine line) {
        SocketAddress client = exchange.clientAddress();
        return client == exchange.connection().remoteAddress()
                ? SocketAddressText.write(line, client)
                // Made for this exchange: not to be remembered.
                : SocketAddressText.write(line, client, SocketAddressText.Part.BOTH);
    }

    static @Nullable SocketAddress upstreamRemote(Exchange exchange) {
        ClientConnection connection = connection(exchange);
        return connection == null ? null : connection.remoteAddress();
    }

    static @Nullable SocketAddress upstreamLocal(Exchange exchange) {
        ClientConnection connection = connection(exchange);
        return connection == null ? null : connection.localAddress();
    }

    static boolean upstreamHost(Exchange exchange, LogLine line) {
        Attempt attempt = exchange.attempt();
        Endpoint endpoint = attempt == null ? null : attempt.endpoint();
        if (endpoint == null) {
            return false;
        }
        String text = endpoint.hostPort();
        int start = line.size();
        if (!line.again(text)) {
            line.escaped(text);
            line.remember(text, start);
        }
        return true;
    }

    static @Nullable String upstreamProtocol(Exchange exchange) {
        ClientConnection connection = connection(exchange);
        return connection == null ? null : connection.version().text();
    }

    static @Nullable ConnectionTls upstreamTls(Exchange exchange) {
        ClientConnection connection = connection(exchange);
        return connection == null ? null : connection.tls();
    }

    private static @Nullable ClientConnection connection(Exchange exchange) {
        Attempt attempt = exchange.attempt();
        return attempt == null ? null : attempt.connection();
    }
}
