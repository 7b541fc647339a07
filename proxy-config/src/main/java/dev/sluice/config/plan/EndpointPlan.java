package dev.sluice.config.plan;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint, or one name to resolve.
 *
 * @param address IP literal, a Unix domain socket ({@link UnixSocket}), or a DNS name for the DNS kinds of discovery
 * @param port 1 to 65535; 0 for a Unix domain socket
 * @param weight at least 1
 * @param locality {@code region/zone/subzone}; null when unknown
 * @param labels of the workload
 */
public record EndpointPlan(
        String address, int port, int weight, @Nullable String locality, Map<String, String> labels) {
    private static final String EACH_REQUESTS = "0.0.0.0";

    public EndpointPlan {
        labels = Map.copyOf(labels);
    }

    // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EndpointPlan plan
                && port == plan.port
                && weight == plan.weight
                && address.equals(plan.address)
                && Objects.equals(locality, plan.locality)
                && labels.equals(plan.labels);
    }

    @Override
    public int hashCode() {
        return Objects.hash(address, port, weight, locality, labels);
    }

    /** The address that each request says, on this port. */
    public static EndpointPlan ofEachRequest(int port) {
        return new EndpointPlan(EACH_REQUESTS, port, 1, null, Map.of());
    }

    /** Whether the plan does not know the address. */
    public boolean isOfEachRequest() {
        return address.equals(EACH_REQUESTS);
    }

    /** An endpoint on a Unix domain socket, without labels. */
    public static EndpointPlan unix(String address) {
        return new EndpointPlan(address, 0, 1, null, Map.of());
    }

    /** Whether it is a Unix domain socket. */
    public boolean isUnix() {
        return UnixSocket.is(address);
    }

    /** {@code ip:port}, with brackets around IPv6; of a Unix domain socket the address alone. */
    public String hostPort() {
        if (isUnix()) {
            return address;
        }
        return address.indexOf(':') >= 0 ? "[" + address + "]:" + port : address + ":" + port;
    }
}
