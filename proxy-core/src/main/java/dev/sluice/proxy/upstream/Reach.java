package dev.sluice.proxy.upstream;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.LimitsPlan;
import dev.sluice.config.plan.chain.ClientTlsPlan;
import org.jspecify.annotations.Nullable;

/**
 * How the endpoints of a cluster are reached.
 *
 * @param limits connect timeout and keepalive
 * @param tls null for cleartext
 * @param host that the request asks for, lower-case, without port: the server name where {@code tls} has none of its own;
 *     null where there is none
 * @param header that opens the connection, before TLS too; null for none
 */
public record Reach(
        LimitsPlan limits, @Nullable ClientTlsPlan tls, @Nullable String host, @Nullable ProxyHeader header) {
    /** As {@code cluster} says, for a request to {@code host}. */
    public static Reach of(ClusterPlan cluster, @Nullable String host, @Nullable ProxyHeader header) {
        return new Reach(cluster.limits(), cluster.tls(), host, header);
    }

    /** In cleartext. */
    public static Reach plain(LimitsPlan limits) {
        return new Reach(limits, null, null, null);
    }
}
