package dev.sluice.proxy.tcp;

import dev.sluice.proxy.balance.Balancer;
import dev.sluice.proxy.balance.EarlierTries;
import dev.sluice.proxy.balance.SpareRoom;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.policy.outlier.OutlierDetector;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.upstream.Dialer;
import dev.sluice.proxy.upstream.names.ClusterNames;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as connections of bytes see it: balancer, limits, outlier detection and sockets, the same objects that its
 * requests have. Thread-safe.
 *
 * @param permits for connections, shared with those that carry requests
 * @param names looks up the servers that clients name; null where endpoints come about otherwise
 */
public record TcpCluster(
        Cluster cluster,
        Balancer balancer,
        OutlierDetector outliers,
        ConnectionPermits permits,
        Dialer dialer,
        @Nullable ClusterNames names) {
    private static final ProxyError NOTHING_LEFT =
            ProxyError.proxy(ErrorCode.NO_HEALTHY_UPSTREAM, "the cluster has no usable endpoint");
    private static final ProxyError NO_CONNECTION_LEFT =
            ProxyError.proxy(ErrorCode.BREAKER_OPEN, "maxConnections is reached");
    private static final ProxyError ENDPOINTS_FULL =
            ProxyError.proxy(ErrorCode.BREAKER_OPEN, "sluice.dev/max-requests-per-endpoint is reached");
    private static final ProxyError PENDING_FULL =
            ProxyError.proxy(ErrorCode.PENDING_FULL, "http1MaxPendingRequests connects are under way");

    /** What a connection takes before its connect and gives back once it is closed. */
    public interface ConnectionPermits {
        /** Takes one of the cluster's and one of the endpoint's, or none. */
        boolean take(Endpoint endpoint);

        /** Gives them back. */
        void giveBack(Endpoint endpoint);
    }

    /** What came of {@link #claim}: exactly one of the two. */
    record Claimed(@Nullable Claim claim, @Nullable ProxyError error) {}

    /**
     * Picks an endpoint and takes everything that a connection to it needs. Nobody waits here: what is full when a
     * connection comes refuses it, as Envoy does, for a connection of bytes may stay for days.
     *
     * @param hash of the client; null for any endpoint
     * @param dialled where the client wanted to go, or the server that it names is; null when nobody knows
     */
    Claimed claim(@Nullable Long hash, @Nullable InetSocketAddress dialled) {
        Endpoint meant = balancer.meant(dialled);
        Endpoint endpoint = meant == null ? pick(hash, dialled) : meant;
        if (endpoint == null) {
            return new Claimed(null, NOTHING_LEFT);
        }
        if (!endpoint.started()) {
            // A key belongs to its endpoint: elsewhere the client would find nothing of what the key stands for. So it
            // is with what was dialled.
            endpoint =
                    hash == null && meant == null && !cluster.plan().discovery().isByRequest()
                            ? SpareRoom.start(cluster, endpoint)
                            : null;
            if (endpoint == null) {
                cluster.counters().endpointRefused();
                return new Claimed(null, ENDPOINTS_FULL);
            }
        }
        if (!permits.take(endpoint)) {
            endpoint.ended(false);
            cluster.counters().connectionRefused();
            return new Claimed(null, NO_CONNECTION_LEFT);
        }
        if (!cluster.pending().tryAcquire()) {
            permits.giveBack(endpoint);
            endpoint.ended(false);
            cluster.counters().pendingRefused();
            return new Claimed(null, PENDING_FULL);
        }
        return new Claimed(new Claim(this, endpoint), null);
    }

    private @Nullable Endpoint pick(@Nullable Long hash, @Nullable InetSocketAddress dialled) {
        Endpoint picked = hash == null ? balancer.pick(EarlierTries.NONE) : balancer.pick(hash, EarlierTries.NONE);
        return picked == null ? balancer.dialled(dialled) : picked;
    }
}
