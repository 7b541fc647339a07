package dev.sluice.config.crd;

import dev.sluice.config.crd.tree.MapNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Limits and timeouts of upstream connections (spec §2.5). */
public record ConnectionPoolSettings(MapNode at, @Nullable TcpSettings tcp, @Nullable HttpSettings http) {

    /** Of every connection. */
    public record TcpSettings(
            MapNode at,
            @Nullable Integer maxConnections,
            @Nullable Duration connectTimeout,
            @Nullable TcpKeepalive tcpKeepalive,
            @Nullable Duration maxConnectionDuration,
            @Nullable Duration idleTimeout) {}

    /** The socket's own probes. */
    public record TcpKeepalive(
            MapNode at, @Nullable Long probes, @Nullable Duration time, @Nullable Duration interval) {}

    /** Of HTTP/1.1, HTTP/2 and gRPC. */
    public record HttpSettings(
            MapNode at,
            @Nullable Integer http1MaxPendingRequests,
            @Nullable Integer http2MaxRequests,
            @Nullable Integer maxRequestsPerConnection,
            @Nullable Integer maxRetries,
            @Nullable Duration idleTimeout,
            @Nullable H2UpgradePolicy h2UpgradePolicy,
            @Nullable Boolean useClientProtocol,
            @Nullable Integer maxConcurrentStreams,
            @Nullable Http2KeepAlive http2KeepAlive) {}

    /** PINGs on an HTTP/2 connection. */
    public record Http2KeepAlive(MapNode at, @Nullable Duration interval, @Nullable Duration timeout) {}

    /** Whether a port that says HTTP is spoken to in HTTP/2. */
    public enum H2UpgradePolicy {
        DEFAULT,
        DO_NOT_UPGRADE,
        UPGRADE
    }
}
