package dev.sluice.proxy.kubernetes;

import static dev.sluice.proxy.kubernetes.InjectedPods.POD;
import static dev.sluice.proxy.kubernetes.InjectedPods.annotations;
import static dev.sluice.proxy.kubernetes.InjectedPods.arguments;
import static dev.sluice.proxy.kubernetes.InjectedPods.inject;
import static dev.sluice.proxy.kubernetes.InjectedPods.named;
import static dev.sluice.proxy.kubernetes.InjectedPods.podSpec;
import static dev.sluice.proxy.kubernetes.InjectedPods.proxyOf;
import static dev.sluice.proxy.kubernetes.InjectedPods.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sluice.config.crd.mesh.MeshOverrides;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the proxy tells in the name of an injected app: its probes, its metrics; and the settings that it is given. */
class InjectedHealthTest {
    @Test
    void probesGoThroughTheProxy() throws Exception {
        JsonArray containers = podSpec(inject(POD.formatted(""))).getAsJsonArray("containers");
        JsonObject cart = named(containers, "cart");
        assertEquals(
                JsonParser.parseString("{timeoutSeconds: 3, httpGet: {path: '/app-health/cart/livez', port: 15020}}"),
                cart.get("livenessProbe"));
        assertEquals(
                JsonParser.parseString("{periodSeconds: 7, httpGet: {path: '/app-health/cart/readyz', port: 15020}}"),
                cart.get("readinessProbe"));
        assertEquals(
                JsonParser.parseString("{httpGet: {path: '/app-health/cart/startupz', port: 15020}}"),
                cart.get("startupProbe"));
        JsonObject agent = named(containers, "agent");
        assertTrue(agent.getAsJsonObject("livenessProbe").has("exec"));
        assertEquals(
                JsonParser.parseString("{httpGet: {path: '/app-health/agent/startupz', port: 15020}}"),
                agent.get("startupProbe"));
        assertTrue(agent.get("readinessProbe").toString().contains("example.com"));
        assertEquals(
                JsonParser.parseString(
                        """
                        {"/app-health/cart/livez": {"httpGet": {"port": 8080, "path": "/live", "scheme": "HTTP",
                            "httpHeaders": [{"name": "Host", "value": "cart"}]}, "timeoutSeconds": 3},
                         "/app-health/cart/readyz": {"tcpSocket": {"port": 8080}},
                         "/app-health/cart/startupz": {"httpGet": {"port": 9000, "path": "/", "scheme": "HTTPS"}},
                         "/app-health/agent/startupz": {"grpc": {"port": 9000, "service": "agent"}}}
                        """),
                JsonParser.parseString(variable(named(containers, "sluice-proxy"), "SLUICE_APP_PROBES")));
        for (String no : List.of("false", "False", "0", "f")) {
            String kept = inject(POD.formatted("sidecar.istio.io/rewriteAppHTTPProbers: '" + no + "'"));
            assertFalse(kept.contains("app-health"), kept);
        }
    }

    @Test
    void hooksOfAContainersLifeGoThroughTheProxy() throws Exception {
        String hooks =
                "lifecycle: {preStop: {httpGet: {path: /bye, port: http}}, postStart: {exec: {command: [warm, up]}}}";
        String yaml = POD.formatted("").replace("    image: cart:1\n", "    image: cart:1\n    " + hooks + "\n");
        JsonArray containers = podSpec(inject(yaml)).getAsJsonArray("containers");
        assertEquals(
                JsonParser.parseString("{preStop: {httpGet: {path: '/app-lifecycle/cart/prestopz', port: 15020}},"
                        + " postStart: {exec: {command: [warm, up]}}}"),
                named(containers, "cart").get("lifecycle"));
        assertEquals(
                JsonParser.parseString("{httpGet: {port: 8080, path: '/bye', scheme: HTTP}}"),
                JsonParser.parseString(variable(named(containers, "sluice-proxy"), "SLUICE_APP_PROBES"))
                        .getAsJsonObject()
                        .get("/app-lifecycle/cart/prestopz"));
        String started = inject(yaml.replace("exec: {command: [warm, up]}", "tcpSocket: {port: http}"));
        assertTrue(started.contains("/app-lifecycle/cart/poststartz"), started);
        String elsewhere = inject(yaml.replace("port: http}},", "port: http, host: example.com}},"));
        assertFalse(elsewhere.contains("app-lifecycle"), elsewhere);
        String kept =
                inject(yaml.replace("annotations: {", "annotations: {sidecar.istio.io/rewriteAppHTTPProbers: 'false'"));
        assertFalse(kept.contains("app-lifecycle"), kept);
    }

    @Test
    void sidecarsOfTheAppsOwnAreProbedThroughTheProxyToo() throws Exception {
        String yaml = POD.formatted("")
                .replace(
                        "  - {name: migrate, image: \"cart:1\"}",
                        "  - {name: migrate, image: \"cart:1\"}\n  - {name: cache, image: \"cache:1\", restartPolicy: Always,"
                                + " startupProbe: {tcpSocket: {port: 6379}}}");
        JsonObject spec = podSpec(inject(yaml));
        assertEquals(
                JsonParser.parseString("{httpGet: {path: '/app-health/cache/startupz', port: 15020}}"),
                named(spec.getAsJsonArray("initContainers"), "cache").get("startupProbe"));
        String probes = variable(named(spec.getAsJsonArray("containers"), "sluice-proxy"), "SLUICE_APP_PROBES");
        assertTrue(probes.contains("\"/app-health/cache/startupz\":{\"tcpSocket\":{\"port\":6379}}"), probes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prometheus.io/", "prometheus.io.", "prometheus_io_"})
    void theAppsMetricsComeWithTheProxys(String prefix) throws Exception {
        String injected = inject(
                POD.formatted(prefix + "port: '9090', " + prefix + "path: /m, " + prefix + "scrape: 'true', keep: me"));
        assertEquals(
                JsonParser.parseString("{scrape: 'true', path: '/m', port: '9090'}"),
                JsonParser.parseString(variable(proxyOf(injected), "SLUICE_APP_METRICS")));
        assertEquals(
                JsonParser.parseString(
                        """
                        {"keep": "me", "kubectl.kubernetes.io/default-container": "cart",
                         "prometheus.io/path": "/stats/prometheus", "prometheus.io/port": "15020",
                         "prometheus.io/scrape": "true"}
                        """),
                annotations(injected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prometheus.io/port: '9090', prometheus.io/scrape: 'false'",
                "prometheus.io/port: '9090', prometheus.istio.io/merge-metrics: 'false'",
                "prometheus.io/port: '15020', prometheus.io/path: /stats/prometheus"
            })
    void whoDoesNotWantTheMetricsMergedKeepsTheAnnotations(String annotations) throws Exception {
        String injected = inject(POD.formatted(annotations));
        assertFalse(injected.contains("SLUICE_APP_METRICS"), injected);
        assertEquals(
                annotations(POD.formatted(annotations + ", kubectl.kubernetes.io/default-container: cart")),
                annotations(injected));
    }

    @Test
    void anAppWithoutMetricsLeavesThePortToTheProxy() throws Exception {
        String injected = inject(POD.formatted(""));
        assertFalse(injected.contains("SLUICE_APP_METRICS"), injected);
        assertTrue(injected.contains("prometheus.io/port"), injected);
    }

    @Test
    void thePodsOwnProxyConfigIsHandedOn() throws Exception {
        String injected = inject(POD.formatted(
                """
                        proxy.istio.io/config: '{drainDuration: 30s, statusPort: 16020, proxyMetadata:
                          {MINIMUM_DRAIN_DURATION: 9s, a.b: "c"}, tracing: {sampling: 1.5}}'
                        """
                        .strip()));
        List<String> arguments = arguments(proxyOf(injected));
        assertEquals(
                List.of(
                        "defaultConfig.proxyMetadata.MINIMUM_DRAIN_DURATION=5s",
                        "defaultConfig.drainDuration=30s",
                        "defaultConfig.statusPort=16020",
                        "defaultConfig.proxyMetadata.MINIMUM_DRAIN_DURATION=9s",
                        "defaultConfig.proxyMetadata.a\\.b=c",
                        "defaultConfig.tracing.sampling=1.5",
                        "defaultConfig.statusPort=16020"),
                arguments.stream().filter(argument -> argument.contains("=")).toList());
        assertTrue(injected.contains("port: 16020"), injected);
        assertEquals(
                List.of(),
                MeshOverrides.parse(
                                arguments.stream().filter(a -> a.contains("=")).toList())
                        .findings());
    }

    @Test
    void theProxyListensWhereTheProbesAsk() throws Exception {
        String injected = inject(
                POD.formatted("status.sidecar.istio.io/port: '15020', proxy.istio.io/config: '{statusPort: 16020}'"));
        List<String> arguments = arguments(proxyOf(injected));
        assertEquals("defaultConfig.statusPort=15020", arguments.get(arguments.size() - 1));
        assertTrue(injected.contains("port: 15020"), injected);
        assertFalse(injected.contains("port: 16020"), injected);
    }
}
