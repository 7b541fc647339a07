package dev.sluice.config.translate.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.policy.BalancePlan.LocalityPlan;
import dev.sluice.config.translate.Compiled;
import dev.sluice.config.translate.Configs;
import dev.sluice.config.translate.PlanCompiler;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.config.validate.Finding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What services themselves say of the endpoints that are to be used, near ones first or no others. */
class NearnessTest {
    private static final String SERVICE =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: wiki, annotations: {}}
            spec: {ports: [{name: http, port: 80}]}
            """;
    private static final String SLICE =
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: wiki-1, labels: {kubernetes.io/service-name: wiki}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints: [{addresses: [10.0.0.1], nodeName: one}, {addresses: [10.0.0.2], nodeName: two}]
            """;
    private static final ProxyIdentity PROXY =
            ProxyIdentity.of("default").withLocality("eu/a").withOutbound(new BindAddress("127.0.0.1", 15001));

    @Test
    void theSameZoneIsPreferredWithoutOutlierDetection() {
        for (String field : List.of("PreferClose", "PreferSameZone")) {
            LocalityPlan locality = locality(SERVICE.replace("{ports", "{trafficDistribution: " + field + ", ports"));
            assertNotNull(locality, field);
            assertEquals("eu/a", locality.own());
            assertEquals(List.of(), locality.failoverPriority());
        }
    }

    @Test
    void theSameNodeIsPreferredToTheSameZone() {
        LocalityPlan locality = locality(SERVICE.replace("{ports", "{trafficDistribution: PreferSameNode, ports"));
        assertNotNull(locality);
        assertEquals(
                List.of(
                        "topology.kubernetes.io/region",
                        "topology.kubernetes.io/zone",
                        "topology.istio.io/subzone",
                        "kubernetes.io/hostname"),
                locality.failoverPriority());
    }

    @Test
    void theAnnotationSaysTheSameOfServicesAndServiceEntries() {
        String annotation = "annotations: {networking.istio.io/traffic-distribution: PreferClose}";
        assertNotNull(locality(SERVICE.replace("annotations: {}", annotation)));
        assertNotNull(locality(
                """
                        apiVersion: networking.istio.io/v1
                        kind: ServiceEntry
                        metadata: {name: wiki, ANNOTATION}
                        spec:
                          hosts: [wiki.example.com]
                          resolution: STATIC
                          ports: [{number: 80, name: http, protocol: HTTP}]
                          endpoints: [{address: 10.0.0.1}]
                        """
                        .replace("ANNOTATION", annotation)));
        assertNull(locality(SERVICE));
    }

    @Test
    void settingsOfADestinationRuleGoBeforeIt() {
        String rule =
                """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: wiki}
                spec: {host: wiki, trafficPolicy: {loadBalancer: {localityLbSetting: {enabled: false}}}}
                """;
        assertNull(locality(SERVICE.replace("{ports", "{trafficDistribution: PreferClose, ports"), rule));
    }

    @Test
    void aServiceOfTheNodeHasNoEndpointsElsewhere() {
        String service = SERVICE.replace("{ports", "{internalTrafficPolicy: Local, ports");
        ProxyIdentity placed = PROXY.withLabels(Map.of("kubernetes.io/hostname", "two"));
        assertEquals(List.of("10.0.0.2:8080"), endpoints(PlanCompiler.compile(Configs.of(service, SLICE), placed)));
    }

    @Test
    void whereTheNodeIsNotKnownItIsSaid() {
        String service = SERVICE.replace("{ports", "{internalTrafficPolicy: Local, ports");
        Compiled compiled = PlanCompiler.compile(Configs.of(service, SLICE), PROXY);
        assertEquals(List.of("10.0.0.1:8080", "10.0.0.2:8080"), endpoints(compiled));
        assertEquals(
                List.of(
                        "internalTrafficPolicy Local needs to know the proxy's node, --label kubernetes.io/hostname=NODE;"
                                + " without it endpoints of every node are used"),
                compiled.notices().stream().map(Finding::message).toList());
    }

    private static List<String> endpoints(Compiled compiled) {
        return only(compiled).endpoints().stream().map(EndpointPlan::hostPort).toList();
    }

    private static LocalityPlan locality(String... documents) {
        return only(PlanCompiler.compile(Configs.of(documents), PROXY))
                .balance()
                .locality();
    }

    private static ClusterPlan only(Compiled compiled) {
        assertEquals(1, compiled.plan().clusters().size());
        return compiled.plan().clusters().values().iterator().next();
    }
}
