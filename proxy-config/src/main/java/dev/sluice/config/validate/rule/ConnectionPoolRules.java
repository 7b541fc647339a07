package dev.sluice.config.validate.rule;

import dev.sluice.config.crd.ConnectionPoolSettings;
import dev.sluice.config.crd.ConnectionPoolSettings.H2UpgradePolicy;
import dev.sluice.config.crd.ConnectionPoolSettings.Http2KeepAlive;
import dev.sluice.config.crd.ConnectionPoolSettings.HttpSettings;
import dev.sluice.config.crd.ConnectionPoolSettings.TcpKeepalive;
import dev.sluice.config.crd.ConnectionPoolSettings.TcpSettings;
import dev.sluice.config.crd.tree.MapNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** connectionPool (spec §11.2). */
public final class ConnectionPoolRules {
    private ConnectionPoolRules() {}

    /** Tells what is wrong with {@code pool}; nothing for null. */
    public static void check(@Nullable ConnectionPoolSettings pool, Report report) {
        if (pool == null) {
            return;
        }
        if (!pool.at().has("tcp") && !pool.at().has("http")) {
            report.error(Place.of(pool.at()), "says nothing: needs tcp, http or both");
        }
        if (pool.http() != null) {
            http(pool.http(), report);
        }
        if (pool.tcp() != null) {
            tcp(pool.tcp(), report);
        }
    }

    private static void http(HttpSettings http, Report report) {
        MapNode at = http.at();
        notNegative(at, "http1MaxPendingRequests", http.http1MaxPendingRequests(), report);
        notNegative(at, "http2MaxRequests", http.http2MaxRequests(), report);
        notNegative(at, "maxRequestsPerConnection", http.maxRequestsPerConnection(), report);
        notNegative(at, "maxRetries", http.maxRetries(), report);
        notNegative(at, "maxConcurrentStreams", http.maxConcurrentStreams(), report);
        ValueRules.duration(report, at, "idleTimeout", http.idleTimeout());
        if (http.h2UpgradePolicy() == H2UpgradePolicy.UPGRADE && Boolean.TRUE.equals(http.useClientProtocol())) {
            report.error(
                    Place.of(at).key("useClientProtocol"), "excludes h2UpgradePolicy: UPGRADE; set one of the two");
        }
        Http2KeepAlive keepAlive = http.http2KeepAlive();
        if (keepAlive != null) {
            for (String field : new String[] {"interval", "timeout"}) {
                if (!keepAlive.at().has(field)) {
                    report.error(Place.of(keepAlive.at()), "needs " + field + " too");
                }
            }
            ValueRules.duration(report, keepAlive.at(), "interval", keepAlive.interval());
            ValueRules.duration(report, keepAlive.at(), "timeout", keepAlive.timeout());
        }
    }

    private static void tcp(TcpSettings tcp, Report report) {
        MapNode at = tcp.at();
        notNegative(at, "maxConnections", tcp.maxConnections(), report);
        ValueRules.duration(report, at, "connectTimeout", tcp.connectTimeout());
        ValueRules.duration(report, at, "maxConnectionDuration", tcp.maxConnectionDuration());
        Duration idle = tcp.idleTimeout();
        if (idle != null && !idle.isZero()) {
            // 0s switches it off
            ValueRules.duration(report, at, "idleTimeout", idle);
        }
        TcpKeepalive keepalive = tcp.tcpKeepalive();
        if (keepalive != null) {
            ValueRules.duration(report, keepalive.at(), "time", keepalive.time());
            ValueRules.duration(report, keepalive.at(), "interval", keepalive.interval());
        }
    }

    private static void notNegative(MapNode at, String field, @Nullable Integer value, Report report) {
        ValueRules.notNegative(report, Place.of(at, field), value);
    }
}
