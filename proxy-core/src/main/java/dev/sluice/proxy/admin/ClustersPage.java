package dev.sluice.proxy.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.config.plan.ClusterKey;
import dev.sluice.proxy.admin.http.Answer;
import dev.sluice.proxy.admin.http.Query;
import dev.sluice.proxy.assembly.ClusterRegistry;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.FailingName;
import dev.sluice.proxy.cluster.Health;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code /clusters}: destinations as they are at this moment, as lines like Envoy's or as JSON (contract.md). */
final class ClustersPage {
    private static final Comparator<ClusterKey> BY_NAME = Comparator.comparing(ClusterKey::host)
            .thenComparingInt(ClusterKey::port)
            .thenComparing(key -> key.subset() == null ? "" : key.subset());

    private final ClusterRegistry clusters;

    ClustersPage(ClusterRegistry clusters) {
        this.clusters = clusters;
    }

    Answer answer(Query query) throws IOException {
        List<Cluster> sorted = clusters.clusters().stream()
                .sorted(Comparator.comparing(Cluster::key, BY_NAME))
                .toList();
        if (query.choice("format", "text", List.of("text", "json")).equals("json")) {
            return Answer.json(JsonText.of(json -> write(sorted, json, System.nanoTime())));
        }
        StringBuilder text = new StringBuilder();
        sorted.forEach(cluster -> ClusterLines.write(cluster, text));
        return Answer.text(text.toString());
    }

    static void write(List<Cluster> clusters, JsonGenerator json, long nowNanos) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("clusters");
        for (Cluster cluster : clusters) {
            json.writeStartObject();
            json.writeStringField("host", cluster.key().host());
            JsonText.optional(json, "subset", cluster.key().subset());
            json.writeNumberField("port", cluster.key().port());
            json.writeNumberField("activeRequests", cluster.requests().used());
            json.writeNumberField("pendingRequests", cluster.pending().used());
            json.writeNumberField("activeConnections", cluster.connections().used());
            json.writeStringField("breaker", breaker(cluster));
            json.writeArrayFieldStart("endpoints");
            for (Endpoint endpoint : cluster.endpoints().all()) {
                write(endpoint, json, nowNanos);
            }
            json.writeEndArray();
            if (!cluster.failingNames().isEmpty()) {
                json.writeArrayFieldStart("failingNames");
                for (FailingName failing : cluster.failingNames()) {
                    write(failing, json);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(FailingName failing, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", failing.name());
        json.writeStringField("reason", failing.reason());
        json.writeBooleanField("stale", failing.stale());
        json.writeEndObject();
    }

    private static void write(Endpoint endpoint, JsonGenerator json, long nowNanos) throws IOException {
        Health health = endpoint.health();
        long ejectedNanos = health == Health.EJECTED ? Math.max(0, nowNanos - endpoint.healthSinceNanos()) : 0;
        json.writeStartObject();
        json.writeStringField("address", endpoint.hostPort());
        json.writeStringField("state", health.text());
        json.writeNumberField("ejectedForMs", TimeUnit.NANOSECONDS.toMillis(ejectedNanos));
        json.writeNumberField("activeRequests", endpoint.active());
        json.writeNumberField("requests", endpoint.requests());
        json.writeNumberField("failures", endpoint.failures());
        json.writeEndObject();
    }

    /**
     * {@code open}: the next request that needs a connection of its own would be refused by a limit; {@code half-open}: an
     * endpoint is on probation after its ejection.
     */
    private static String breaker(Cluster cluster) {
        if (cluster.isBreakerOpen()) {
            return "open";
        }
        boolean probation =
                cluster.endpoints().all().stream().anyMatch(endpoint -> endpoint.health() == Health.HALF_OPEN);
        return probation ? "half-open" : "closed";
    }
}
