package dev.sluice.config.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener of the configuration on a port that the proxy opens for itself with {@code --intercept} keeps nobody from starting. */
class ReservedPortsTest {
    private static Compiled compiled(int port, boolean intercept) {
        String sidecar =
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default}
                spec:
                  egress:
                  - {port: {number: %d, name: http, protocol: HTTP}, captureMode: NONE, hosts: ["*/*"]}
                """
                        .formatted(port);
        String mesh = "defaultConfig: {statusPort: 16020}\n";
        return PlanCompiler.compile(
                Configs.of(sidecar, mesh), ProxyIdentity.of("default").withIntercept(intercept));
    }

    private static Set<String> names(Compiled compiled) {
        return compiled.plan().listeners().stream().map(ListenerPlan::name).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(ints = {15001, 15006, 16020, 15021, 15090})
    void itIsLeftOut(int port) {
        Compiled compiled = compiled(port, true);
        assertEquals(Set.of("virtualOutbound", "virtualInbound"), names(compiled));
        List<String> notices =
                compiled.notices().stream().map(finding -> finding.text()).toList();
        assertEquals(1, notices.size(), notices.toString());
        assertTrue(notices.get(0).contains("port " + port + " is the proxy's own"), notices.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {15001, 15020, 15021})
    void withoutInterceptionItIsFree(int port) {
        assertEquals(Set.of("egress:127.0.0.1:" + port), names(compiled(port, false)));
    }
}
