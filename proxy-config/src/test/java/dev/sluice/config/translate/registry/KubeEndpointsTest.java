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

/** Who stands behind a Service by its Endpoints, the older way to write EndpointSlices. */
class KubeEndpointsTest {
    private static final String SERVICE =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: wiki}
            spec: {ports: [{name: http, port: 80}, {name: admin, port: 81}]}
            """;
    private static final String ENDPOINTS =
            """
            apiVersion: v1
            kind: Endpoints
            metadata: {name: wiki}
            subsets:
            - addresses: [{ip: 10.0.0.1, nodeName: node}, {ip: "fd00::2", targetRef: {kind: Pod, name: wiki-v2, uid: u}}]
              notReadyAddresses: [{ip: 10.0.0.3}]
              ports: [{name: http, port: 8080, protocol: TCP}]
            - addresses: [{ip: 10.0.0.4}]
              ports: [{name: http, port: 8081}, {name: admin, port: 9000}]
            """;

    @Test
    void everyAddressOfASubsetServesThePortsThatItNames() {
        assertEquals(
                List.of("80 10.0.0.1:8080", "80 10.0.0.4:8081", "80 [fd00::2]:8080", "81 10.0.0.4:9000"),
                endpoints(SERVICE, ENDPOINTS));
    }

    @Test
    void theLabelsOfThePodBehindAnAddressAreItsOwn() {
        String pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: wiki-v2, labels: {version: v2}}\n";
        String rule =
                """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: wiki}
                spec: {host: wiki, subsets: [{name: v2, labels: {version: v2}}]}
                """;
        String route =
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: wiki}
                spec: {hosts: [wiki], http: [{match: [{port: 80}], route: [{destination: {host: wiki, subset: v2, port: {number: 80}}}]}]}
                """;
        assertEquals(
                List.of("80 v2 [fd00::2]:8080"),
                endpoints(SERVICE, ENDPOINTS, pod, rule, route).stream()
                        .filter(endpoint -> endpoint.contains("v2"))
                        .toList());
    }

    @Test
    void whereSlicesSayItTooTheyCount() {
        String slice =
                """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: wiki-abc, labels: {kubernetes.io/service-name: wiki}}
                addressType: IPv4
                ports: [{name: http, port: 8080}]
                endpoints: [{addresses: [10.0.0.1]}]
                """;
        assertEquals(List.of("80 10.0.0.1:8080"), endpoints(SERVICE, ENDPOINTS, slice));
    }

    @Test
    void theyAreOfTheServiceOfTheirNameAndNamespace() {
        assertEquals(
                List.of(), endpoints(SERVICE, ENDPOINTS.replace("{name: wiki}", "{name: wiki, namespace: other}")));
        assertEquals(List.of(), endpoints(SERVICE, "apiVersion: v1\nkind: Endpoints\nmetadata: {name: wiki}\n"));
    }

    /** DNS and HTTP/3 have ports of both; what is asked for by number can only be TCP's. */
    @Test
    void aPortOfUdpLeavesTheOneOfTcpWithItsNumberAlone() {
        String udp = "{name: h3, port: 80, protocol: UDP}";
        String tcp = "{name: http, port: 80, protocol: TCP}";
        String slice =
                """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: wiki-abc, labels: {kubernetes.io/service-name: wiki}}
                addressType: IPv4
                ports: [{name: h3, port: 8443, protocol: UDP}, {name: http, port: 8080, protocol: TCP}]
                endpoints: [{addresses: [10.0.0.1]}]
                """;
        String service = "apiVersion: v1\nkind: Service\nmetadata: {name: wiki}\nspec: {ports: [%s, %s]}\n";
        assertEquals(List.of("80 10.0.0.1:8080"), endpoints(service.formatted(udp, tcp), slice));
        assertEquals(List.of("80 10.0.0.1:8080"), endpoints(service.formatted(tcp, udp), slice));
    }

    /** {@code PORT [SUBSET] ADDRESS} of all endpoints. */
    private static List<String> endpoints(String... documents) {
        ProxyIdentity identity = ProxyIdentity.of("default").withOutbound(new BindAddress("127.0.0.1", 15001));
        List<String> found = new ArrayList<>();
        for (ClusterPlan cluster : PlanCompiler.compile(Configs.of(documents), identity)
                .plan()
                .clusters()
                .values()) {
            String subset = cluster.key().subset() == null ? "" : cluster.key().subset() + " ";
            for (EndpointPlan endpoint : cluster.endpoints()) {
                found.add(cluster.key().port() + " " + subset + endpoint.hostPort());
            }
        }
        found.sort(null);
        return found;
    }
}
