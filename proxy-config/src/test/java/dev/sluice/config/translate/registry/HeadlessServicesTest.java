package dev.sluice.config.translate.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.translate.Configs;
import dev.sluice.config.translate.PlanCompiler;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Services without an address of their own ({@code clusterIP: None}), whose clients dial the endpoints themselves. */
class HeadlessServicesTest {
    private static final String SERVICE =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: db}
            spec:
              clusterIP: None
              ports: [{name: tcp, port: 9092}, {name: http, port: 8888}, {name: any, port: 7777}, {name: tls, port: 6443}]
            """;
    private static final String SLICE =
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: db-abc, labels: {kubernetes.io/service-name: db}}
            addressType: IPv4
            ports: [{name: tcp, port: 9092}, {name: http, port: 8888}, {name: any, port: 7777}, {name: tls, port: 6443}]
            endpoints: [{addresses: [10.0.0.1]}, {addresses: [10.0.0.2]}]
            """;

    private static ProxyPlan plan(String... documents) {
        ProxyIdentity identity = ProxyIdentity.of("default").withIntercept(true);
        return PlanCompiler.compile(Configs.of(documents), identity).plan();
    }

    private static List<ChainPlan> chains(ProxyPlan plan) {
        return plan.listeners().stream()
                .filter(listener -> listener.name().equals("virtualOutbound"))
                .flatMap(listener -> listener.traffic().chains().stream())
                .toList();
    }

    /** {@code NAME [ADDRESSES]} of the chains of the service's ports. */
    private static Set<String> claims(ProxyPlan plan) {
        return chains(plan).stream()
                .filter(chain ->
                        chain.name().contains("db.default") || chain.name().startsWith("http."))
                .map(chain -> chain.name() + " " + chain.match().destinations())
                .collect(Collectors.toSet());
    }

    @Test
    void itsPortsOfBytesAreThoseOfItsEndpointsAlone() {
        String both = "[10.0.0.1/32, 10.0.0.2/32]";
        assertEquals(
                Set.of(
                        "tcp.db.default.svc.cluster.local:9092 " + both,
                        "http.db.default.svc.cluster.local:7777 " + both,
                        "tcp.db.default.svc.cluster.local:7777 " + both,
                        "tcp.db.default.svc.cluster.local:6443 " + both,
                        "http.8888 []"),
                claims(plan(SERVICE, SLICE)));
    }

    @Test
    void withoutEndpointsItHasNoPortOfBytes() {
        assertEquals(Set.of("http.8888 []"), claims(plan(SERVICE)));
    }

    @Test
    void itsEndpointsAreHttpHostsToo() {
        Set<String> domains = chains(plan(SERVICE, SLICE)).stream()
                .filter(chain -> chain.name().equals("http.8888"))
                .flatMap(chain -> ((ChainTarget.Http) chain.target()).routes().hosts().stream())
                .flatMap(host -> host.domains().stream())
                .collect(Collectors.toSet());
        for (String name : List.of("db", "db.default", "db.default.svc", "db.default.svc.cluster.local")) {
            assertTrue(domains.contains(name) && domains.contains("*." + name), domains.toString());
        }
    }

    @Test
    void aServiceEntryThatGivesItAnAddressMakesItAnyOther() {
        String entry =
                """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: db}
                spec:
                  hosts: [db.default.svc.cluster.local]
                  addresses: [10.96.0.9]
                  ports: [{number: 9092, name: tcp, protocol: TCP}]
                  resolution: STATIC
                  endpoints: [{address: 10.0.0.3}]
                """;
        assertEquals(Set.of(Discovery.HEADLESS), discoveries(plan(SERVICE, SLICE)));
        assertEquals(Set.of(Discovery.STATIC), discoveries(plan(SERVICE, SLICE, entry)));
        assertEquals(Set.of(Discovery.STATIC), discoveries(plan(SERVICE.replace("None", "10.96.0.8"), SLICE)));
    }

    private static Set<Discovery> discoveries(ProxyPlan plan) {
        return plan.clusters().values().stream()
                .filter(cluster -> cluster.key().host().startsWith("db."))
                .map(cluster -> cluster.discovery())
                .collect(Collectors.toSet());
    }
}
