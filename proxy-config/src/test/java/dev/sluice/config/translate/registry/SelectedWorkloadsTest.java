package dev.sluice.config.translate.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.translate.Configs;
import dev.sluice.config.translate.PlanCompiler;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom the selector of a ServiceEntry or of a Service takes besides EndpointSlices, and at which port. */
class SelectedWorkloadsTest {
    private static final String ENTRY =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: stock}
            spec:
              hosts: [stock.example.com]
              location: MESH_INTERNAL
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8081}, {number: 81, name: admin, protocol: HTTP}]
              workloadSelector: {labels: {app: stock}}
            """;
    private static final String SERVICE =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: stock}
            spec:
              selector: {app: stock}
              ports: [{name: http, port: 80, targetPort: web}, {name: admin, port: 81, targetPort: 8088}]
            """;

    @Test
    void aServiceEntryTakesPodsThatServeBesideWorkloadEntries() {
        assertEquals(
                List.of("80 10.0.0.1:7000", "80 10.0.0.9:8081", "81 10.0.0.1:81", "81 10.0.0.9:81"),
                endpoints(ENTRY, pod("status: {phase: Running, podIP: 10.0.0.1}"), workload("10.0.0.9", "")));
    }

    @Test
    void aPodThatTakesNoRequestsIsNoEndpoint() {
        for (String status : List.of(
                "status: {phase: Pending}",
                "status: {phase: Succeeded, podIP: 10.0.0.1}",
                "status: {phase: Running, podIP: 10.0.0.1, conditions: [{type: Ready, status: 'False'}]}")) {
            assertEquals(List.of(), endpoints(ENTRY, pod(status)), status);
        }
    }

    @Test
    void aPodOfAnotherNamespaceIsNoEndpoint() {
        String elsewhere = pod("status: {podIP: 10.0.0.1}").replace("{name: stock-1,", "{name: stock-1, namespace: b,");
        assertEquals(List.of(), endpoints(ENTRY, elsewhere));
    }

    @Test
    void aWorkloadServesATargetPortByNameOnlyIfItHasIt() {
        assertEquals(
                List.of("80 10.0.0.8:9001", "81 10.0.0.8:8088", "81 10.0.0.9:9002"),
                endpoints(
                        SERVICE,
                        workload("10.0.0.8", ", ports: {web: 9001}"),
                        workload("10.0.0.9", ", ports: {http: 9007, admin: 9002}")));
    }

    @Test
    void theLocalityOfAWorkloadIsInItsLabelWhereItIsNotWritten() {
        List<String> found = new ArrayList<>();
        for (ClusterPlan cluster : clusters(
                ENTRY,
                workload("10.0.0.8", ", labels: {app: stock, istio-locality: eu.a}"),
                workload("10.0.0.9", ", locality: us/b, labels: {app: stock, istio-locality: eu.a}"))) {
            cluster.endpoints()
                    .forEach(endpoint -> found.add(
                            endpoint.locality() + " " + endpoint.labels().get("topology.kubernetes.io/zone")));
        }
        assertEquals(List.of("eu/a a", "us/b b", "eu/a a", "us/b b"), found);
    }

    @Test
    void theNetworkOfAWorkloadIsAmongItsLabels() {
        List<String> found = new ArrayList<>();
        for (ClusterPlan cluster : clusters(ENTRY, workload("10.0.0.8", ", network: far"))) {
            cluster.endpoints().forEach(endpoint -> found.add(endpoint.labels().get("topology.istio.io/network")));
        }
        assertEquals(List.of("far", "far"), found);
    }

    @Test
    void ofResolutionDnsRoundRobinTheFirstIsTheOnlyEndpoint() {
        String entry = ENTRY.replace("STATIC", "DNS_ROUND_ROBIN");
        assertEquals(
                List.of("80 a.example.com:8081", "81 a.example.com:81"),
                endpoints(entry, workload("a.example.com", ""), workload("b.example.com", "")));
    }

    private static String pod(String status) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: stock-1, labels: {app: stock}}
                spec: {containers: [{name: app, ports: [{name: http, containerPort: 7000}, {name: http, containerPort: 7001}]}]}
                """
                + status;
    }

    private static String workload(String address, String more) {
        String labels = more.contains("labels:") ? "" : ", labels: {app: stock}";
        return """
                apiVersion: networking.istio.io/v1
                kind: WorkloadEntry
                metadata: {name: %s}
                spec: {address: %s%s%s}
                """
                .formatted("at-" + address.replace('.', '-'), address, labels, more);
    }

    private static List<ClusterPlan> clusters(String... documents) {
        ProxyIdentity identity = ProxyIdentity.of("default").withOutbound(new BindAddress("127.0.0.1", 15001));
        return List.copyOf(PlanCompiler.compile(Configs.of(documents), identity)
                .plan()
                .clusters()
                .values());
    }

    /** {@code PORT ADDRESS} of all endpoints. */
    private static List<String> endpoints(String... documents) {
        List<String> found = new ArrayList<>();
        for (ClusterPlan cluster : clusters(documents)) {
            for (EndpointPlan endpoint : cluster.endpoints()) {
                found.add(cluster.key().port() + " " + endpoint.hostPort());
            }
        }
        found.sort(null);
        return found;
    }
}
