package dev.sluice.config.crd;

import dev.sluice.config.crd.Destination.PortSelector;
import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A DestinationRule's settings for a host, a subset or, in {@link PortTrafficPolicy}, a port (spec §2.2). */
public record TrafficPolicy(
        MapNode at,
        @Nullable LoadBalancerSettings loadBalancer,
        @Nullable ConnectionPoolSettings connectionPool,
        @Nullable OutlierDetection outlierDetection,
        @Nullable ClientTlsSettings tls,
        List<PortTrafficPolicy> portLevelSettings,
        @Nullable TunnelSettings tunnel,
        @Nullable ProxyProtocol proxyProtocol,
        @Nullable RetryBudget retryBudget) {
    static Rules rules() {
        return new Rules().size("portLevelSettings", 0, 4096);
    }

    /** Replaces the host's blocks for one port, also those it does not set. */
    public record PortTrafficPolicy(
            MapNode at,
            @Nullable PortSelector port,
            @Nullable LoadBalancerSettings loadBalancer,
            @Nullable ConnectionPoolSettings connectionPool,
            @Nullable OutlierDetection outlierDetection,
            @Nullable ClientTlsSettings tls) {}

    /** TCP inside an HTTP CONNECT or POST (spec §2.8). */
    public record TunnelSettings(
            MapNode at, @Nullable String protocol, @Nullable String targetHost, @Nullable Long targetPort) {
        static Rules rules() {
            return new Rules().required("targetHost", "targetPort");
        }
    }

    /** The PROXY header that opens an upstream connection. */
    public record ProxyProtocol(MapNode at, @Nullable Version version) {
        /** Text or binary. */
        public enum Version {
            V1,
            V2
        }
    }

    /** Concurrent retries as a share of the active requests. */
    public record RetryBudget(
            MapNode at,
            @Nullable Double percent,
            @Nullable Long minRetryConcurrency,
            @Nullable Duration budgetInterval) {
        static Rules rules() {
            return new Rules().range("percent", 0, 100);
        }
    }
}
