package dev.sluice.config.translate.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.config.plan.policy.LimitsPlan.KeepAlivePlan;
import dev.sluice.config.plan.policy.LimitsPlan.PingPlan;
import dev.sluice.config.translate.Configs;
import dev.sluice.config.translate.PlanCompiler;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Where the settings of upstream connections come from. */
class LimitsTranslatorTest {
    private static final String MESH = "tcpKeepalive: {time: 20s, interval: 7s, probes: 4}\n";

    @Test
    void whatAKeepAliveLeavesUnsetIsTheMeshs() {
        assertEquals(
                new KeepAlivePlan(4, Duration.ofSeconds(90), Duration.ofSeconds(7)),
                keepAlive(MESH, "tcpKeepalive: {time: 90s}"));
        assertEquals(
                new KeepAlivePlan(4, Duration.ofSeconds(20), Duration.ofSeconds(7)),
                keepAlive(MESH, "tcpKeepalive: {}"));
    }

    @Test
    void theMeshsHoldsWhereARuleHasNone() {
        assertEquals(
                new KeepAlivePlan(4, Duration.ofSeconds(20), Duration.ofSeconds(7)),
                keepAlive(MESH, "maxConnections: 3"));
    }

    @Test
    void anEmptyOneAsksForTheSystemsOwn() {
        assertEquals(new KeepAlivePlan(null, null, null), keepAlive("rootNamespace: root\n", "tcpKeepalive: {}"));
    }

    @Test
    void pingsAreAsWritten() {
        PingPlan pings = limits("rootNamespace: root\n", "http: {http2KeepAlive: {interval: 10s, timeout: 500ms}}")
                .pings();
        assertEquals(new PingPlan(Duration.ofSeconds(10), Duration.ofMillis(500)), pings);
        assertNull(limits("rootNamespace: root\n", "http: {maxRetries: 1}").pings());
    }

    private static KeepAlivePlan keepAlive(String mesh, String tcp) {
        return limits(mesh, "tcp: {" + tcp + "}").keepAlive();
    }

    private static LimitsPlan limits(String mesh, String pool) {
        String entry =
                """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: a}
                spec:
                  hosts: [a.example.com]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}]
                """;
        String rule =
                """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: a}
                spec: {host: a.example.com, trafficPolicy: {connectionPool: {POOL}}}
                """
                        .replace("POOL", pool);
        ProxyIdentity identity = ProxyIdentity.of("default").withOutbound(new BindAddress("127.0.0.1", 15001));
        return PlanCompiler.compile(Configs.of(entry, rule, mesh), identity)
                .plan()
                .clusters()
                .values()
                .iterator()
                .next()
                .limits();
    }
}
