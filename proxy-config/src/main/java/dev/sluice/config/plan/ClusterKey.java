package dev.sluice.config.plan;

import org.jspecify.annotations.Nullable;

/**
 * Names a cluster.
 *
 * @param host lower-case fully qualified host
 * @param port service port number
 * @param subset null for the whole service
 */
public record ClusterKey(String host, int port, @Nullable String subset) {
    /** Envoy's name of an outbound cluster, as dashboards show it. */
    public String envoyName() {
        return "outbound|" + port + "|" + (subset == null ? "" : subset) + "|" + host;
    }

    @Override
    public String toString() {
        return subset == null ? host + ":" + port : host + ":" + port + "/" + subset;
    }
}
