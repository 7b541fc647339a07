package dev.sluice.config.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.plan.chain.TcpRoutePlan.TcpDestination;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a connection that carries bytes may be silent where no DestinationRule says it: as Istio's own setting says. */
class StreamIdleTest {
    private static final String YAML =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: db}
            spec:
              hosts: [db.example]
              addresses: [10.96.0.1]
              ports: [{number: 3306, name: tcp, protocol: TCP}]
              resolution: STATIC
              endpoints: [{address: 10.0.0.1}]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: ruled}
            spec:
              hosts: [ruled.example]
              addresses: [10.96.0.2]
              ports: [{number: 3306, name: tcp, protocol: TCP}]
              resolution: STATIC
              endpoints: [{address: 10.0.0.2}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: ruled}
            spec: {host: ruled.example, trafficPolicy: {connectionPool: {tcp: {idleTimeout: 1m}}}}
            ---
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: {name: default}
            spec:
              ingress: [{port: {number: 6379, name: redis, protocol: REDIS}}]
            """;

    private static Map<String, Long> idleMillis(String mesh) {
        Map<String, Long> found = new TreeMap<>();
        ProxyIdentity identity = ProxyIdentity.of("default").withIntercept(true);
        PlanCompiler.compile(Configs.of(YAML, mesh), identity).plan().listeners().stream()
                .flatMap(listener -> listener.traffic().chains().stream())
                .forEach(chain -> {
                    if (chain.target() instanceof ChainTarget.Tcp bytes) {
                        for (TcpDestination to : bytes.route().destinations()) {
                            found.put(to.cluster().toString(), to.idleTimeoutMillis());
                        }
                    }
                });
        return found;
    }

    @ParameterizedTest
    @CsvSource({"30s, 30000", "0s, 0", "30 s, 3600000"})
    void itIsTheOneOfTheMesh(String written, long millis) {
        String mesh = "defaultConfig: {proxyMetadata: {ISTIO_META_IDLE_TIMEOUT: \"" + written + "\"}}\n";
        assertEquals(
                Map.of(
                        "db.example:3306",
                        millis,
                        "ruled.example:3306",
                        60_000L,
                        "passthrough|:0",
                        millis,
                        "inbound|:6379",
                        millis,
                        "inbound|:0",
                        millis),
                idleMillis(mesh));
    }
}
