package dev.sluice.config.translate.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.translate.Configs;
import dev.sluice.config.translate.PlanCompiler;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which endpoints of a service are in which of its clusters. */
class SubsetMembersTest {
    @Test
    void anEndpointIsInASubsetWhenItCarriesAllOfItsLabels() {
        assertEquals(
                Map.of("all", List.of("10.0.0.1:80", "10.0.0.2:80"), "v1", List.of("10.0.0.1:80"), "v2", List.of()),
                members(
                        """
                        - {address: 10.0.0.1, labels: {version: v1, tier: web}}
                        - {address: 10.0.0.2, labels: {tier: web}}
                        """));
    }

    @Test
    void workloadsThatShareAnAddressAreEachInTheirSubsetAndOnceInTheService() {
        assertEquals(
                Map.of("all", List.of("10.0.0.1:80"), "v1", List.of("10.0.0.1:80"), "v2", List.of("10.0.0.1:80")),
                members(
                        """
                        - {address: 10.0.0.1, labels: {version: v1}}
                        - {address: 10.0.0.1, labels: {version: v2}}
                        - {address: 10.0.0.1, labels: {version: v2}}
                        """));
    }

    private static Map<String, List<String>> members(String endpoints) {
        String yaml =
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  servers: [{port: {number: 8080, name: http, protocol: HTTP}, hosts: ["*"]}]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: a}
                spec:
                  hosts: [a.example.com]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  endpoints:
                ENDPOINTS---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: a}
                spec:
                  host: a.example.com
                  subsets:
                  - {name: v1, labels: {version: v1}}
                  - {name: v2, labels: {version: v2}}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: a}
                spec:
                  hosts: ["*"]
                  gateways: [gw]
                  http:
                  - match: [{uri: {exact: /v1}}]
                    route: [{destination: {host: a.example.com, subset: v1}}]
                  - match: [{uri: {exact: /v2}}]
                    route: [{destination: {host: a.example.com, subset: v2}}]
                  - route: [{destination: {host: a.example.com}}]
                """
                        .replace("ENDPOINTS", endpoints.indent(2));
        ProxyPlan plan = PlanCompiler.compile(Configs.of(yaml), ProxyIdentity.of("default"))
                .plan();
        Map<String, List<String>> members = new TreeMap<>();
        for (ClusterPlan cluster : plan.clusters().values()) {
            String subset = cluster.key().subset();
            members.put(
                    subset == null ? "all" : subset,
                    cluster.endpoints().stream().map(EndpointPlan::hostPort).toList());
        }
        return members;
    }
}
