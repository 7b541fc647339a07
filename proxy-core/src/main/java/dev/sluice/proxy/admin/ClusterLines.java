package dev.sluice.proxy.admin;

import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Health;

/** A cluster as Envoy's {@code /clusters} prints it: {@code name::endpoint::key::value}, so that scripts go on reading. */
final class ClusterLines {
    private ClusterLines() {}

    static void write(Cluster cluster, StringBuilder text) {
        String name = cluster.key().envoyName();
        LimitsPlan limits = cluster.plan().limits();
        line(text, name, "default_priority", "max_connections", limit(limits.maxConnections()));
        line(text, name, "default_priority", "max_pending_requests", limit(limits.maxPendingRequests()));
        line(text, name, "default_priority", "max_requests", limit(limits.maxRequests()));
        line(text, name, "default_priority", "max_retries", limit(limits.maxRetries()));
        line(text, name, "default_priority", "cx_active", cluster.connections().used());
        line(text, name, "default_priority", "rq_active", cluster.requests().used());
        line(text, name, "default_priority", "rq_pending", cluster.pending().used());
        for (Endpoint endpoint : cluster.endpoints().all()) {
            write(name, endpoint, text);
        }
    }

    private static void write(String name, Endpoint endpoint, StringBuilder text) {
        String address = endpoint.hostPort();
        long requests = endpoint.requests();
        long failures = Math.min(requests, endpoint.failures());
        long active = endpoint.active();
        line(text, name, address, "rq_active", active);
        line(text, name, address, "rq_error", failures);
        line(text, name, address, "rq_success", Math.max(0, requests - failures - active));
        line(text, name, address, "rq_total", requests);
        line(
                text,
                name,
                address,
                "health_flags",
                endpoint.health() == Health.EJECTED ? "/failed_outlier_check" : "healthy");
        line(text, name, address, "weight", endpoint.weight());
        String locality = endpoint.locality() == null ? "" : endpoint.locality();
        String[] parts = locality.split("/", 3);
        line(text, name, address, "region", parts[0]);
        line(text, name, address, "zone", parts.length > 1 ? parts[1] : "");
        line(text, name, address, "sub_zone", parts.length > 2 ? parts[2] : "");
    }

    /** Envoy's number for no limit. */
    private static long limit(int max) {
        return max == Integer.MAX_VALUE ? 4_294_967_295L : max;
    }

    private static void line(StringBuilder text, String name, String about, String key, Object value) {
        text.append(name)
                .append("::")
                .append(about)
                .append("::")
                .append(key)
                .append("::")
                .append(value)
                .append('\n');
    }
}
