package dev.sluice.proxy.upstream;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.chain.ClientTlsPlan;
import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.proxy.stream.DownstreamConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How the endpoints of a cluster are reached.
 *
 * @param limits connect timeout and keepalive
 * @param tls null for cleartext
 * @param host that the request asks for, lower-case, without port: the server name where {@code tls} has none of its own;
 *     null where there is none
 * @param header that opens the connection, before TLS too; null for none
 * @param client whose address the connection is to come from; null for this proxy's own
 */
public record Reach(
        LimitsPlan limits,
        @Nullable ClientTlsPlan tls,
        @Nullable String host,
        @Nullable ProxyHeader header,
        @Nullable InetAddress client) {
    /** As {@code cluster} says, for everybody. */
    public static Reach of(ClusterPlan cluster) {
        return new Reach(cluster.limits(), cluster.connect().tls(), null, null, null);
    }

    /** As {@code cluster} says, for a connection of bytes that {@code client} made. */
    public static Reach of(ClusterPlan cluster, DownstreamConnection client) {
        return new Reach(
                cluster.limits(),
                cluster.connect().tls(),
                null,
                ProxyHeader.of(cluster, client),
                source(cluster, client));
    }

    /** The address that the cluster is to see a connection come from; null for this proxy's own. */
    public static @Nullable InetAddress source(ClusterPlan cluster, DownstreamConnection client) {
        return cluster.connect().asClient() && client.remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress()
                : null;
    }

    /** As {@code cluster} says, for a connection of {@code client} that brings its own TLS: as it is. */
    public static Reach asItCame(ClusterPlan cluster, DownstreamConnection client) {
        return new Reach(cluster.limits(), null, null, null, source(cluster, client));
    }

    /** In cleartext. */
    public static Reach plain(LimitsPlan limits) {
        return new Reach(limits, null, null, null, null);
    }
}
