package dev.sluice.config.translate.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.plan.policy.BalancePlan.Algorithm;
import dev.sluice.config.translate.Configs;
import dev.sluice.config.translate.PlanCompiler;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An ExternalName of another service is that service: what is ruled for the one holds for the other. */
class MeshAliasTest {
    private static final String SERVICES =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: other}
            spec: {type: ExternalName, externalName: real.default.svc.cluster.local}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: real}
            spec: {ports: [{name: http, port: 80}]}
            """;

    @Test
    void rulesOfTheServiceAreForItsOtherNames() {
        for (String host : List.of("real", "'*.default.svc.cluster.local'")) {
            assertEquals(List.of("rule by-name"), routes("other", SERVICES, rule("by-name", host)), host);
        }
    }

    @Test
    void aNameWithARuleOfItsOwnKeepsThat() {
        assertEquals(List.of("rule own"), routes("other", SERVICES, rule("by-name", "real"), rule("own", "other")));
        assertEquals(
                List.of("rule own"),
                routes("other", SERVICES, rule("by-name", "'*.default.svc.cluster.local'"), rule("own", "other")));
    }

    @Test
    void withoutRulesItIsTheServicesOwnRoute() {
        assertEquals(List.of("none"), routes("other", SERVICES));
    }

    @Test
    void itsPolicyIsThatOfTheServiceUnlessItHasOne() {
        assertEquals(Algorithm.ROUND_ROBIN, algorithm(SERVICES, policy("real", "ROUND_ROBIN")));
        assertEquals(Algorithm.RANDOM, algorithm(SERVICES, policy("real", "ROUND_ROBIN"), policy("other", "RANDOM")));
    }

    private static String rule(String name, String host) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %s}
                spec: {hosts: [%s], http: [{name: rule, route: [{destination: {host: real}}]}]}
                """
                .formatted(name, host);
    }

    private static String policy(String host, String simple) {
        return """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: %s}
                spec: {host: %s, trafficPolicy: {loadBalancer: {simple: %s}}}
                """
                .formatted(host, host, simple);
    }

    /** {@code NAME OBJECT} of the rules of a service's virtual host. */
    private static List<String> routes(String service, String... documents) {
        List<String> found = new ArrayList<>();
        for (VirtualHostPlan host : hosts(compile(documents))) {
            if (host.name().startsWith(service + ".")) {
                for (RoutePlan route : host.routes()) {
                    String object = route.rule().virtualService();
                    found.add(object.isEmpty() ? "none" : "rule " + object.substring(object.indexOf('/') + 1));
                }
            }
        }
        return found;
    }

    private static Algorithm algorithm(String... documents) {
        ClusterPlan cluster =
                compile(documents).clusters().get(new ClusterKey("other.default.svc.cluster.local", 80, null));
        assertNotNull(cluster);
        return cluster.balance().algorithm();
    }

    private static List<VirtualHostPlan> hosts(ProxyPlan plan) {
        return plan.listeners().get(0).traffic().tables().get(0).hosts();
    }

    private static ProxyPlan compile(String... documents) {
        ProxyIdentity identity = ProxyIdentity.of("default").withOutbound(new BindAddress("127.0.0.1", 15001));
        return PlanCompiler.compile(Configs.of(documents), identity).plan();
    }
}
