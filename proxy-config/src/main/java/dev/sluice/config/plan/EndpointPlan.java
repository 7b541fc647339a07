package dev.sluice.config.plan;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint, or one name to resolve.
 *
 * @param address IP literal, or a DNS name for the DNS kinds of discovery
 * @param port 1 to 65535
 * @param weight at least 1
 * @param locality {@code region/zone/subzone}; null when unknown
 * @param labels of the workload
 */
public record EndpointPlan(
        String address, int port, int weight, @Nullable String locality, Map<String, String> labels) {
    public EndpointPlan {
        labels = Map.copyOf(labels);
    }

    /** {@code ip:port}, with brackets around IPv6. */
    public String hostPort() {
        return address.indexOf(':') >= 0 ? "[" + address + "]:" + port : address + ":" + port;
    }
}
