package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.ConnectionTls.Principals;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides the labels of an exchange, by identity and number: comparing plans or strings would cost more
 * than counting. Each event loop fills one of its own to look up with; what is kept as a key is a copy.
 */
final class SeriesKey {
    private static final Map<String, String> NO_LABELS = Map.of();

    private @Nullable Destination destination;
    private Map<String, String> endpointLabels = NO_LABELS;
    private int status;
    private @Nullable ErrorCode code;
    private int notes;
    private int grpcStatus = -1;
    private boolean grpc;
    private @Nullable Principals principals;

    /**
     * Takes the facts of {@code exchange}.
     *
     * @param inbound whether it matters who the client is, rather than who the upstream is
     */
    void set(Exchange exchange, boolean inbound) {
        ProxyError error = exchange.error();
        Attempt attempt = exchange.attempt();
        Endpoint endpoint = attempt == null ? null : attempt.endpoint();
        destination = exchange.destination();
        // The map changes with the endpoint's plan: a reload that relabels an endpoint is a new key.
        endpointLabels = endpoint == null ? NO_LABELS : endpoint.labels();
        status = exchange.status();
        code = error == null ? null : error.code();
        notes = ResponseFlags.notes(exchange);
        grpc = exchange.isGrpc();
        grpcStatus = grpc ? exchange.grpcStatus() : -1;
        ClientConnection upstream = attempt == null ? null : attempt.connection();
        ConnectionTls reached = upstream == null ? null : upstream.tls();
        principals = principals(inbound ? exchange.connection().tls() : reached);
    }

    SeriesKey copy() {
        SeriesKey copy = new SeriesKey();
        copy.destination = destination;
        copy.endpointLabels = endpointLabels;
        copy.status = status;
        copy.code = code;
        copy.notes = notes;
        copy.grpc = grpc;
        copy.principals = principals;
        copy.grpcStatus = grpcStatus;
        return copy;
    }

    @Nullable
    Destination destination() {
        return destination;
    }

    Map<String, String> endpointLabels() {
        return endpointLabels;
    }

    int status() {
        return status;
    }

    @Nullable
    ErrorCode code() {
        return code;
    }

    String flags() {
        return ResponseFlags.of(code, notes);
    }

    /** Both sides of the TLS that matters; null as of {@link #principals(ConnectionTls)}. */
    @Nullable
    Principals principals() {
        return principals;
    }

    boolean isGrpc() {
        return grpc;
    }

    /** -1 when there is none. */
    int grpcStatus() {
        return grpcStatus;
    }

    /** Both sides of {@code tls}; null without any, and where the peer showed no certificate. */
    static @Nullable Principals principals(@Nullable ConnectionTls tls) {
        return tls == null ? null : tls.principals();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // see above
    public boolean equals(@Nullable Object other) {
        return other instanceof SeriesKey that
                && destination == that.destination
                && endpointLabels == that.endpointLabels
                && status == that.status
                && code == that.code
                && notes == that.notes
                && grpcStatus == that.grpcStatus
                && grpc == that.grpc
                && Objects.equals(principals, that.principals);
    }

    @Override
    public int hashCode() {
        int hash = System.identityHashCode(destination) * 31 + System.identityHashCode(endpointLabels);
        hash = (hash * 31 + status) * 31 + Objects.hashCode(code);
        hash = hash * 31 + Objects.hashCode(principals);
        return ((hash * 31 + grpcStatus) * ResponseFlags.NOTES + notes) * 2 + (grpc ? 1 : 0);
    }
}
