package dev.sluice.bench.stage;

import dev.sluice.bench.BenchPlan;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.source.MissingConfigException;
import dev.sluice.proxy.cluster.Cluster;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A cluster as a DestinationRule makes it, with as many endpoints as asked for. */
final class BenchCluster {
    private static final String CONFIGURATION =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: gw}
            spec:
              servers:
              - port: {number: 8080, name: http, protocol: HTTP}
                hosts: ["*"]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.test]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints: [{address: 10.0.0.1}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: reviews.test
              trafficPolicy: TRAFFIC_POLICY
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: ["*"]
              gateways: [gw]
              http:
              - route: [{destination: {host: reviews.test}}]
            """;

    private BenchCluster() {}

    /** @param trafficPolicy YAML of one line */
    static Cluster of(String trafficPolicy, int endpoints) throws IOException, MissingConfigException {
        ClusterPlan plan =
                BenchPlan.of(CONFIGURATION.replace("TRAFFIC_POLICY", trafficPolicy)).clusters().values().stream()
                        .filter(candidate -> candidate.key().host().equals("reviews.test"))
                        .findFirst()
                        .orElseThrow();
        Cluster cluster = new Cluster(plan);
        List<EndpointPlan> members = IntStream.range(0, endpoints)
                .mapToObj(i -> new EndpointPlan(
                        "10." + (i >> 16) + '.' + (i >> 8 & 255) + '.' + (i & 255), 80, 1, null, Map.of()))
                .toList();
        List<?> gone = cluster.replaceEndpoints(members, System.nanoTime());
        if (!gone.isEmpty()) {
            throw new IllegalStateException("a new cluster had members: " + gone);
        }
        return cluster;
    }
}
