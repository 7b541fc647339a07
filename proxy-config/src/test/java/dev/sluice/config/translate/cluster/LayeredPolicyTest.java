package dev.sluice.config.translate.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ClusterPlan.UpstreamProtocol;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.config.translate.Configs;
import dev.sluice.config.translate.PlanCompiler;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which blocks hold for the ports 80 and 81 of a service and for its subset {@code s} (spec §2.2). */
class LayeredPolicyTest {
    private static final String RANDOM = "loadBalancer: {simple: RANDOM}";
    private static final String ROUND_ROBIN = "loadBalancer: {simple: ROUND_ROBIN}";
    private static final String TLS = "tls: {mode: SIMPLE, sni: host}";
    private static final String ONE = "connectionPool: {tcp: {maxConnections: 1}}";
    private static final String TWO = "connectionPool: {tcp: {maxConnections: 2}}";

    /** @param expected of 80, 81, 80 of the subset and 81 of the subset; all of them where it is one */
    private record Row(String host, String subset, List<String> expected) {
        Row(String host, String subset, String... expected) {
            this(host, subset, expected.length == 1 ? Collections.nCopies(4, expected[0]) : List.of(expected));
        }

        @Override
        public String toString() {
            return host + " | " + subset;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("", "", "LEAST_REQUEST"),
                new Row(RANDOM, "", "RANDOM"),
                new Row("", RANDOM, "LEAST_REQUEST", "LEAST_REQUEST", "RANDOM", "RANDOM"),
                new Row(RANDOM, ROUND_ROBIN, "RANDOM", "RANDOM", "ROUND_ROBIN", "ROUND_ROBIN"),
                new Row(
                        "loadBalancer: {consistentHash: {useSourceIp: true, maglev: {tableSize: 251}}}",
                        RANDOM,
                        "MAGLEV",
                        "MAGLEV",
                        "RANDOM",
                        "RANDOM"),
                // One port of the host: it inherits nothing, and the subset's port inherits from it.
                new Row(ports(81, RANDOM), "", "LEAST_REQUEST", "RANDOM", "LEAST_REQUEST", "RANDOM"),
                new Row(
                        RANDOM + ", " + ports(81, ONE),
                        "",
                        "RANDOM",
                        "LEAST_REQUEST conns 1",
                        "RANDOM",
                        "LEAST_REQUEST conns 1"),
                new Row(
                        RANDOM + ", " + ports(81, ROUND_ROBIN),
                        ONE,
                        "RANDOM",
                        "ROUND_ROBIN",
                        "RANDOM conns 1",
                        "ROUND_ROBIN conns 1"),
                new Row(RANDOM + ", " + ports(99, ONE), "", "RANDOM"),
                new Row(
                        "portLevelSettings: [{port: {number: 81}, " + RANDOM + "}, {port: {number: 81}, " + ROUND_ROBIN
                                + "}]",
                        "",
                        "LEAST_REQUEST",
                        "RANDOM",
                        "LEAST_REQUEST",
                        "RANDOM"),
                // One port of the subset: all four blocks of the host are gone, set or not.
                new Row(
                        RANDOM + ", " + ONE,
                        ports(81, TWO),
                        "RANDOM conns 1",
                        "RANDOM conns 1",
                        "RANDOM conns 1",
                        "LEAST_REQUEST conns 2"),
                new Row(
                        ports(81, RANDOM),
                        ports(81, TWO),
                        "LEAST_REQUEST",
                        "RANDOM",
                        "LEAST_REQUEST",
                        "LEAST_REQUEST conns 2"),
                new Row(
                        ONE,
                        RANDOM + ", " + ports(81, ROUND_ROBIN),
                        "LEAST_REQUEST conns 1",
                        "LEAST_REQUEST conns 1",
                        "RANDOM conns 1",
                        "ROUND_ROBIN"),
                // A block is replaced whole.
                new Row(
                        ONE,
                        "connectionPool: {http: {http1MaxPendingRequests: 3}}",
                        "LEAST_REQUEST conns 1",
                        "LEAST_REQUEST conns 1",
                        "LEAST_REQUEST pending 3",
                        "LEAST_REQUEST pending 3"),
                new Row(
                        "outlierDetection: {consecutive5xxErrors: 7}",
                        "outlierDetection: {interval: 1s}",
                        "LEAST_REQUEST eject 7",
                        "LEAST_REQUEST eject 7",
                        "LEAST_REQUEST eject 5",
                        "LEAST_REQUEST eject 5"),
                // TLS.
                new Row(
                        TLS,
                        RANDOM,
                        "LEAST_REQUEST tls host",
                        "LEAST_REQUEST tls host",
                        "RANDOM tls host",
                        "RANDOM tls host"),
                new Row(
                        TLS,
                        "tls: {mode: SIMPLE, sni: subset}",
                        "LEAST_REQUEST tls host",
                        "LEAST_REQUEST tls host",
                        "LEAST_REQUEST tls subset",
                        "LEAST_REQUEST tls subset"),
                new Row(
                        TLS,
                        "tls: {mode: DISABLE}",
                        "LEAST_REQUEST tls host",
                        "LEAST_REQUEST tls host",
                        "LEAST_REQUEST",
                        "LEAST_REQUEST"),
                new Row(
                        TLS + ", " + ports(81, RANDOM),
                        ONE,
                        "LEAST_REQUEST tls host",
                        "RANDOM",
                        "LEAST_REQUEST conns 1 tls host",
                        "RANDOM conns 1"),
                new Row(
                        TLS,
                        ports(81, RANDOM),
                        "LEAST_REQUEST tls host",
                        "LEAST_REQUEST tls host",
                        "LEAST_REQUEST tls host",
                        "RANDOM"),
                // What a port cannot set: lost with the host's port, kept under the subset's.
                new Row(
                        "proxyProtocol: {version: V2}, retryBudget: {percent: 50}, " + ports(81, RANDOM),
                        ROUND_ROBIN,
                        "LEAST_REQUEST proxy V2 budget 50",
                        "RANDOM",
                        "ROUND_ROBIN proxy V2 budget 50",
                        "ROUND_ROBIN"),
                new Row(
                        "proxyProtocol: {version: V1}, retryBudget: {percent: 50}",
                        ports(81, RANDOM),
                        "LEAST_REQUEST proxy V1 budget 50",
                        "LEAST_REQUEST proxy V1 budget 50",
                        "LEAST_REQUEST proxy V1 budget 50",
                        "RANDOM proxy V1 budget 50"),
                new Row(
                        "retryBudget: {percent: 50}",
                        "retryBudget: {percent: 10}",
                        "LEAST_REQUEST budget 50",
                        "LEAST_REQUEST budget 50",
                        "LEAST_REQUEST budget 10",
                        "LEAST_REQUEST budget 10"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void blocksAreLayered(Row row) {
        Map<String, String> clusters = clusters("default", rule("a", "default", policy(row.host()), row.subset()));
        assertEquals(
                row.expected(),
                List.of(clusters.get("80"), clusters.get("81"), clusters.get("80 s"), clusters.get("81 s")));
    }

    @Test
    void rulesOfSeveralNamespacesAreNotMixed() {
        String root = rule("root", "istio-system", policy(ONE + ", " + TLS), RANDOM);
        assertEquals("LEAST_REQUEST conns 1 tls host", clusters("default", root).get("80"));
        Map<String, String> both = clusters("default", root, rule("own", "default", policy(ROUND_ROBIN), ""));
        assertEquals("ROUND_ROBIN", both.get("80"));
        assertEquals("ROUND_ROBIN", both.get("80 s"));
    }

    @Test
    void aSubsetInheritsFromTheRuleThatItsOwnIsMergedWith() {
        String policy = rule("a", "default", policy(ONE + ", " + TLS), "").replace("name: s,", "name: other,");
        assertEquals(
                "RANDOM conns 1 tls host",
                clusters("default", policy, rule("b", "default", "", RANDOM)).get("80 s"));
    }

    @Test
    void whatAPoolLeavesUnsetIsTheMeshs() {
        String mesh = "h2UpgradePolicy: UPGRADE";
        assertEquals(
                "RANDOM h2",
                clusters("default", mesh, rule("a", "default", policy(RANDOM), ""))
                        .get("80"));
        String no = "connectionPool: {http: {h2UpgradePolicy: DO_NOT_UPGRADE}}";
        assertEquals(
                "LEAST_REQUEST",
                clusters("default", mesh, rule("a", "default", policy(no), "")).get("80"));
        assertEquals(
                "LEAST_REQUEST h2",
                clusters("default", mesh, rule("a", "default", policy(no), ONE))
                        .get("80 s")
                        .replace(" conns 1", ""));
    }

    @Test
    void zeroConcurrentRetriesOfABudgetAreAsIfUnset() {
        LimitsPlan limits = plans("default", rule("a", "default", policy("retryBudget: {minRetryConcurrency: 0}"), ""))
                .get("80")
                .limits();
        assertEquals(new LimitsPlan.RetryBudgetPlan(20, 3), limits.retryBudget());
    }

    @Test
    void zeroLocalFailuresAreAsIfUnset() {
        String outlier = "outlierDetection: {splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 0}";
        ClusterPlan plan =
                plans("default", rule("a", "default", policy(outlier), "")).get("80");
        assertEquals(5, plan.outlier() == null ? 0 : plan.outlier().consecutiveLocalOriginFailures());
    }

    private static String ports(int number, String blocks) {
        return "portLevelSettings: [{port: {number: " + number + "}, " + blocks + "}]";
    }

    private static String policy(String blocks) {
        return blocks.isEmpty() ? "" : ", trafficPolicy: {" + blocks + "}";
    }

    private static String rule(String name, String namespace, String policy, String subset) {
        return """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: NAME, namespace: NAMESPACE}
                spec: {host: a.example.com, subsets: [{name: s, labels: {v: s}SUBSET}]POLICY}
                """
                .replace("NAMESPACE", namespace)
                .replace("NAME", name)
                .replace("SUBSET", policy(subset))
                .replace("POLICY", policy);
    }

    private static Map<String, String> clusters(String namespace, String... documents) {
        Map<String, String> texts = new TreeMap<>();
        plans(namespace, documents).forEach((key, plan) -> texts.put(key, text(plan)));
        return texts;
    }

    private static Map<String, ClusterPlan> plans(String namespace, String... documents) {
        List<String> all = new ArrayList<>(List.of(documents));
        all.add(
                """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: a}
                spec:
                  hosts: [a.example.com]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}, {number: 81, name: http-81, protocol: HTTP}]
                """);
        ProxyIdentity identity = ProxyIdentity.of(namespace).withOutbound(new BindAddress("127.0.0.1", 15001));
        Map<String, ClusterPlan> plans = new TreeMap<>();
        PlanCompiler.compile(Configs.of(all.toArray(new String[0])), identity)
                .plan()
                .clusters()
                .forEach((key, plan) -> plans.put(key.port() + (key.subset() == null ? "" : " " + key.subset()), plan));
        return plans;
    }

    private static String text(ClusterPlan plan) {
        StringBuilder text = new StringBuilder(plan.balance().algorithm().name());
        LimitsPlan limits = plan.limits();
        if (limits.maxConnections() != Integer.MAX_VALUE) {
            text.append(" conns ").append(limits.maxConnections());
        }
        if (limits.maxPendingRequests() != Integer.MAX_VALUE) {
            text.append(" pending ").append(limits.maxPendingRequests());
        }
        if (plan.outlier() != null) {
            text.append(" eject ").append(plan.outlier().consecutive5xx());
        }
        if (plan.connect().tls() != null) {
            text.append(" tls ").append(plan.connect().tls().serverName());
        }
        if (plan.connect().proxyProtocol() != null) {
            text.append(" proxy ").append(plan.connect().proxyProtocol());
        }
        if (limits.retryBudget() != null) {
            text.append(" budget ").append((int) limits.retryBudget().percent());
        }
        return text + (plan.protocol() == UpstreamProtocol.HTTP2 ? " h2" : "");
    }
}
