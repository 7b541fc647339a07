package dev.sluice.proxy.policy.headers;

import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.format.FormatSource;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.headers.Headers;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a header value may refer to, while heads are edited: nothing that is only known at the end of an exchange.
 *
 * @param request as it is now
 * @param response null on the request path
 * @param exchange null where there is none, in {@code explain}
 */
public record FormatContext(RequestHead request, @Nullable ResponseHead response, @Nullable Exchange exchange)
        implements FormatSource {
    @Override
    public @Nullable Headers responseHeaders() {
        return response == null ? null : response.headers();
    }

    @Override
    public @Nullable Headers responseTrailers() {
        return null;
    }

    @Override
    public @Nullable DownstreamConnection connection() {
        return exchange == null ? null : exchange.downstream().connection();
    }

    @Override
    public @Nullable SocketAddress clientAddress() {
        return exchange == null ? null : exchange.clientAddress();
    }

    @Override
    public int status() {
        return response == null ? 0 : response.status();
    }

    @Override
    public int grpcStatus() {
        return exchange == null ? -1 : exchange.grpcStatus();
    }

    @Override
    public @Nullable String responseFlags() {
        return error() == null ? "-" : error().code().flag();
    }

    @Override
    public @Nullable String responseCodeDetails() {
        if (error() != null) {
            return error().code().details();
        }
        return response == null || connectionToUpstream() == null ? null : "via_upstream";
    }

    private @Nullable ProxyError error() {
        return exchange == null ? null : exchange.error();
    }

    @Override
    public @Nullable String connectionTerminationDetails() {
        return null;
    }

    @Override
    public @Nullable String upstreamFailureReason() {
        Attempt attempt = exchange == null ? null : exchange.attempt();
        ProxyError failure = attempt == null ? null : attempt.error();
        return failure == null ? null : failure.detail();
    }

    @Override
    public @Nullable String upstreamCluster() {
        Destination destination = exchange == null ? null : exchange.destination();
        return destination == null ? null : destination.plan().cluster().envoyName();
    }

    @Override
    public @Nullable SocketAddress upstreamAddress() {
        Attempt attempt = exchange == null ? null : exchange.attempt();
        Endpoint endpoint = attempt == null ? null : attempt.endpoint();
        return endpoint == null ? null : endpoint.address();
    }

    @Override
    public @Nullable SocketAddress upstreamLocalAddress() {
        ClientConnection connection = connectionToUpstream();
        return connection == null ? null : connection.localAddress();
    }

    @Override
    public @Nullable ConnectionTls upstreamTls() {
        ClientConnection connection = connectionToUpstream();
        return connection == null ? null : connection.tls();
    }

    @Override
    public @Nullable String upstreamProtocol() {
        ClientConnection connection = connectionToUpstream();
        return connection == null ? null : connection.version().text();
    }

    private @Nullable ClientConnection connectionToUpstream() {
        Attempt attempt = exchange == null ? null : exchange.attempt();
        return attempt == null ? null : attempt.connection();
    }

    @Override
    public @Nullable String routeName() {
        return exchange == null || exchange.route() == null
                ? null
                : exchange.route().rule().name();
    }

    @Override
    public int attempts() {
        if (exchange == null) {
            return 0;
        }
        // The request is edited for the try that follows.
        return response == null ? exchange.attempts() + 1 : exchange.attempts();
    }

    @Override
    public long requestBytes() {
        return exchange == null ? 0 : exchange.requestBytes();
    }

    @Override
    public long responseBytes() {
        return exchange == null ? 0 : exchange.responseBytes();
    }

    @Override
    public long startedMillis() {
        return exchange == null ? System.currentTimeMillis() : exchange.startedMillis();
    }

    @Override
    public long startedNanos() {
        return exchange == null ? 0 : exchange.startedNanos();
    }

    @Override
    public long requestEndNanos() {
        return exchange == null ? 0 : exchange.requestEndNanos();
    }

    @Override
    public long responseHeadNanos() {
        // The head is on its way while it is edited.
        return exchange == null || response == null ? 0 : exchange.nowNanos();
    }

    @Override
    public long endNanos() {
        // As long as it lasts, until now.
        return exchange == null ? 0 : exchange.nowNanos();
    }
}
