package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.chain.TcpRoutePlan.TcpDestination;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.telemetry.ResponseFlags;
import dev.sluice.proxy.telemetry.line.LogLine;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What became of a connection that carried bytes. Operators that are not here never have a value of one. */
final class StreamFields {
    private StreamFields() {}

    /** Writes one value; parameters and result as in {@link LogField}. */
    @FunctionalInterface
    interface StreamField {
        boolean write(TcpSession session, LogLine line);
    }

    static @Nullable StreamField find(String operator) {
        return switch (operator) {
            case "RESPONSE_CODE" -> number(session -> 0);
            case "RESPONSE_FLAGS" -> (session, line) -> line.rawIfAny(ResponseFlags.of(session));
            case "SLUICE_CODE" -> (session, line) -> line.rawIfAny(code(session));
            case "BYTES_RECEIVED" -> number(TcpSession::receivedBytes);
            case "BYTES_SENT" -> number(TcpSession::sentBytes);
            case "DURATION" -> number(session -> TimeUnit.NANOSECONDS.toMillis(session.durationNanos()));
            case "UPSTREAM_REQUEST_ATTEMPT_COUNT" -> number(TcpSession::connects);
            case "CONNECTION_ID" -> number(session -> session.downstream().id());
            case "UPSTREAM_CLUSTER", "UPSTREAM_CLUSTER_RAW" -> StreamFields::cluster;
            case "UPSTREAM_HOST" -> StreamFields::upstreamHost;
            case "REQUESTED_SERVER_NAME" ->
                (session, line) -> line.escapedIfAny(session.downstream().serverName());
            case "UPSTREAM_TRANSPORT_FAILURE_REASON" -> (session, line) -> line.escapedIfAny(failureReason(session));
            case "CONNECTION_TERMINATION_DETAILS" -> (session, line) -> line.rawIfAny(termination(session));
            default -> address(operator);
        };
    }

    private static @Nullable StreamField address(String operator) {
        SocketAddressText.Part part = SocketAddressText.partOf(operator);
        return switch (SocketAddressText.addressOf(operator)) {
            case "DOWNSTREAM_REMOTE_ADDRESS" ->
                address(session -> session.downstream().remoteAddress(), part);
            case "DOWNSTREAM_DIRECT_REMOTE_ADDRESS" ->
                address(session -> session.downstream().directRemoteAddress(), part);
            case "DOWNSTREAM_LOCAL_ADDRESS" ->
                address(session -> session.downstream().localAddress(), part);
            case "UPSTREAM_REMOTE_ADDRESS" -> address(TcpSession::upstreamRemote, part);
            case "UPSTREAM_LOCAL_ADDRESS" -> address(TcpSession::upstreamLocal, part);
            default -> null;
        };
    }

    private interface OwnNumber {
        long of(TcpSession session);
    }

    private interface AddressSource {
        @Nullable
        SocketAddress of(TcpSession session);
    }

    private static StreamField number(OwnNumber number) {
        return (session, line) -> {
            line.number(number.of(session));
            return true;
        };
    }

    private static StreamField address(AddressSource source, SocketAddressText.Part part) {
        return (session, line) -> SocketAddressText.write(line, source.of(session), part);
    }

    private static @Nullable String code(TcpSession session) {
        ProxyError error = session.error();
        return error == null ? null : error.code().name();
    }

    private static boolean cluster(TcpSession session, LogLine line) {
        TcpDestination destination = session.destination();
        if (destination == null || session.cluster() == null) {
            return false;
        }
        ClusterKey key = destination.cluster();
        line.escaped(key.envoyName());
        return true;
    }

    private static boolean upstreamHost(TcpSession session, LogLine line) {
        Endpoint endpoint = session.endpoint();
        return line.escapedIfAny(endpoint == null ? null : endpoint.hostPort());
    }

    private static @Nullable String failureReason(TcpSession session) {
        ProxyError error = session.error();
        boolean told =
                error != null && (error.code() == ErrorCode.CONNECT_FAILED || error.code() == ErrorCode.LOOP_DETECTED);
        return error != null && told && !error.detail().isEmpty() ? error.detail() : null;
    }

    /** Of those that the proxy ended though both sides were well. */
    private static @Nullable String termination(TcpSession session) {
        ProxyError error = session.error();
        if (error == null) {
            return null;
        }
        return switch (error.code()) {
            case STREAM_IDLE_TIMEOUT -> "tcp_session_idle_timeout";
            case CONNECTION_DURATION -> error.code().details();
            default -> null;
        };
    }
}
