package dev.sluice.config.plan;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names a cluster.
 *
 * @param host lower-case fully qualified host; {@link #INBOUND_HOST} for the workload itself
 * @param port service port number
 * @param subset null for the whole service
 */
public record ClusterKey(String host, int port, @Nullable String subset) {
    /** Host of the clusters behind a Sidecar's ingress listeners; no host name holds a bar. */
    public static final String INBOUND_HOST = "inbound|";

    /** Redirected connections of the app that nobody declared go where they were going. */
    public static final ClusterKey PASSTHROUGH = new ClusterKey("passthrough|", 0, null);

    /** Redirected connections to ports of the app that nobody declared. */
    public static final ClusterKey INBOUND_PASSTHROUGH = new ClusterKey(INBOUND_HOST, 0, null);

    /** Envoy's name of the cluster, as dashboards show it. */
    public String envoyName() {
        if (equals(PASSTHROUGH)) {
            return "PassthroughCluster";
        }
        if (equals(INBOUND_PASSTHROUGH)) {
            return "InboundPassthroughCluster";
        }
        if (host.equals(INBOUND_HOST)) {
            return "inbound|" + port + "||";
        }
        return "outbound|" + port + "|" + (subset == null ? "" : subset) + "|" + host;
    }

    // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClusterKey key
                && port == key.port
                && host.equals(key.host)
                && Objects.equals(subset, key.subset);
    }

    @Override
    public int hashCode() {
        return (host.hashCode() * 31 + port) * 31 + Objects.hashCode(subset);
    }

    @Override
    public String toString() {
        return subset == null ? host + ":" + port : host + ":" + port + "/" + subset;
    }
}
