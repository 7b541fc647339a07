package dev.sluice.proxy.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.proxy.kubernetes.inject.InjectSettings;
import dev.sluice.proxy.kubernetes.inject.Injector;
import dev.sluice.proxy.kubernetes.profile.Profiles;
import dev.sluice.proxy.kubernetes.profile.ProxyValues;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sluice inject}: what is added, what stays, what is refused. */
class InjectTest {
    private static final String POD =
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: cart
              labels: {app: cart, version: v2}
              annotations: {%s}
            spec:
              initContainers:
              - {name: migrate, image: "cart:1"}
              containers:
              - name: cart
                image: cart:1
                ports: [{name: http, containerPort: 8080}]
                livenessProbe: {httpGet: {path: /live, port: http, httpHeaders: [{name: Host, value: cart}]}, timeoutSeconds: 3}
                readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 7}
                startupProbe: {httpGet: {port: 9000, scheme: HTTPS}}
              - name: agent
                image: agent:1
                livenessProbe: {exec: {command: [agent, ping]}}
                startupProbe: {grpc: {port: 9000, service: agent}}
                readinessProbe: {httpGet: {port: 80, host: example.com}}
            """;

    private static String inject(String yaml) throws ManifestException {
        return inject(yaml, null, null).text();
    }

    private static Injector.Injected inject(String yaml, @Nullable Boolean nativeSidecar, @Nullable Boolean hold)
            throws ManifestException {
        ProxyValues values = new ProxyValues(Profiles.load(null, List.of(), List.of()));
        Injector.Injected injected = new Injector(
                        new InjectSettings(values, null, null, "sluice-config", nativeSidecar, hold))
                .inject("cart.yaml", yaml);
        KubernetesSchema.valid(injected.text());
        return injected;
    }

    private static JsonObject podSpec(String yaml) {
        return KubernetesSchema.valid(yaml).get(0).getAsJsonObject("spec");
    }

    private static JsonObject named(JsonArray list, String name) {
        for (JsonElement item : list) {
            if (item.getAsJsonObject().get("name").getAsString().equals(name)) {
                return item.getAsJsonObject();
            }
        }
        throw new AssertionError("no " + name + " in " + list);
    }

    private static List<String> names(JsonArray list) {
        List<String> names = new ArrayList<>();
        list.forEach(item -> names.add(item.getAsJsonObject().get("name").getAsString()));
        return names;
    }

    private static List<String> arguments(JsonObject container) {
        List<String> arguments = new ArrayList<>();
        container.getAsJsonArray("args").forEach(argument -> arguments.add(argument.getAsString()));
        return arguments;
    }

    /** The value that follows an option. */
    private static String argument(JsonObject container, String option) {
        List<String> arguments = arguments(container);
        assertTrue(arguments.contains(option), option + " in " + arguments);
        return arguments.get(arguments.indexOf(option) + 1);
    }

    private static String variable(JsonObject container, String name) {
        return named(container.getAsJsonArray("env"), name).get("value").getAsString();
    }

    @Test
    void whatIsThereStaysAsItWasWritten() throws Exception {
        String expected = resource("cart.injected.yaml");
        assertEquals(expected, inject(resource("cart.yaml")));
    }

    @Test
    void injectingTwiceIsInjectingOnce() throws Exception {
        for (boolean nativeSidecar : new boolean[] {false, true}) {
            String once = inject(resource("cart.yaml"), nativeSidecar, true).text();
            Injector.Injected twice = inject(once, nativeSidecar, true);
            assertEquals(once, twice.text());
            assertEquals(List.of("Deployment shop/cart has its proxy already"), twice.notices());
        }
    }

    @Test
    void theProxyHasNoPrivilegeAndTheProfilesResources() throws Exception {
        JsonObject spec = podSpec(inject(POD.formatted("")));
        JsonObject proxy = named(spec.getAsJsonArray("containers"), "sluice-proxy");
        assertEquals(
                JsonParser.parseString("{limits: {cpu: 2000m, memory: 1024Mi}, requests: {cpu: 100m, memory: 128Mi}}"),
                proxy.get("resources"));
        JsonObject context = proxy.getAsJsonObject("securityContext");
        assertEquals(1337, context.get("runAsUser").getAsInt());
        assertEquals(1337, context.get("runAsGroup").getAsInt());
        assertTrue(context.get("readOnlyRootFilesystem").getAsBoolean());
        assertFalse(context.get("allowPrivilegeEscalation").getAsBoolean());
        assertEquals(JsonParser.parseString("{drop: [ALL]}"), context.get("capabilities"));
        JsonObject init = named(spec.getAsJsonArray("initContainers"), "sluice-init");
        assertEquals(
                JsonParser.parseString("{add: [NET_ADMIN, NET_RAW], drop: [ALL]}"),
                init.getAsJsonObject("securityContext").get("capabilities"));
        assertEquals("app=cart,version=v2", variable(proxy, "SLUICE_LABEL"));
        // The app's own init containers run before anything is redirected to a proxy that does not run yet.
        assertEquals(List.of("migrate", "sluice-init"), names(spec.getAsJsonArray("initContainers")));
        assertEquals(List.of("cart", "agent", "sluice-proxy"), names(spec.getAsJsonArray("containers")));
    }

    @Test
    void aNativeSidecarRunsBeforeTheAppsInitContainers() throws Exception {
        JsonObject spec = podSpec(inject(POD.formatted(""), true, null).text());
        assertEquals(List.of("sluice-init", "sluice-proxy", "migrate"), names(spec.getAsJsonArray("initContainers")));
        JsonObject proxy = named(spec.getAsJsonArray("initContainers"), "sluice-proxy");
        assertEquals("Always", proxy.get("restartPolicy").getAsString());
        assertTrue(proxy.has("startupProbe"));
        assertEquals(List.of("cart", "agent"), names(spec.getAsJsonArray("containers")));
    }

    @Test
    void theAppWaitsForTheProxyWhereItIsToldTo() throws Exception {
        JsonArray containers =
                podSpec(inject(POD.formatted(""), null, true).text()).getAsJsonArray("containers");
        assertEquals(List.of("sluice-proxy", "cart", "agent"), names(containers));
        JsonElement hook = named(containers, "sluice-proxy").get("lifecycle");
        assertTrue(hook.toString().endsWith("\"dev.sluice.proxy.app.Main\",\"wait\"]}}}"), hook.toString());
        assertTrue(hook.toString().contains("@/opt/sluice/wait.options"), hook.toString());
        String annotated = inject(POD.formatted("proxy.istio.io/config: 'holdApplicationUntilProxyStarts: true'"));
        assertEquals(
                "sluice-proxy",
                names(podSpec(annotated).getAsJsonArray("containers")).get(0));
    }

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
        String kept = inject(POD.formatted("sidecar.istio.io/rewriteAppHTTPProbers: 'false'"));
        assertFalse(kept.contains("app-health"), kept);
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

    private static JsonObject proxyOf(String yaml) {
        return named(podSpec(yaml).getAsJsonArray("containers"), "sluice-proxy");
    }

    private static JsonElement annotations(String yaml) {
        return KubernetesSchema.valid(yaml).get(0).getAsJsonObject("metadata").get("annotations");
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

    @ParameterizedTest
    @CsvSource({
        "includeInboundPorts,--include-inbound-ports,'80,443'",
        "excludeInboundPorts,--exclude-inbound-ports,9091",
        "includeOutboundIPRanges,--include-ip-ranges,10.0.0.0/8",
        "excludeOutboundIPRanges,--exclude-ip-ranges,10.9.0.0/16",
        "includeOutboundPorts,--include-outbound-ports,443",
        "excludeOutboundPorts,--exclude-outbound-ports,'22,3306'",
        "excludeInterfaces,--exclude-interfaces,eth1",
        "kubevirtInterfaces,--virtual-interfaces,vnet0"
    })
    void annotationsChooseWhatIsIntercepted(String annotation, String option, String value) throws Exception {
        String yaml = POD.formatted("traffic.sidecar.istio.io/" + annotation + ": '" + value + "'");
        JsonObject init = named(podSpec(inject(yaml)).getAsJsonArray("initContainers"), "sluice-init");
        assertEquals(value, argument(init, option));
    }

    @Test
    void annotationsChooseResourcesImageAndMode() throws Exception {
        JsonObject spec = podSpec(
                inject(
                        POD.formatted(
                                "sidecar.istio.io/proxyCPU: 50m, sidecar.istio.io/proxyMemoryLimit:"
                                        + " 64Mi, sidecar.istio.io/proxyImage: 'x/sluice:9', sidecar.istio.io/interceptionMode: TPROXY")));
        JsonObject proxy = named(spec.getAsJsonArray("containers"), "sluice-proxy");
        assertEquals(JsonParser.parseString("{limits: {memory: 64Mi}, requests: {cpu: 50m}}"), proxy.get("resources"));
        assertEquals("x/sluice:9", proxy.get("image").getAsString());
        assertEquals("TPROXY", argument(named(spec.getAsJsonArray("initContainers"), "sluice-init"), "--mode"));
        JsonObject none = podSpec(inject(POD.formatted("sidecar.istio.io/interceptionMode: NONE")));
        assertEquals(List.of("migrate"), names(none.getAsJsonArray("initContainers")));
        assertFalse(arguments(named(none.getAsJsonArray("containers"), "sluice-proxy"))
                .contains("--intercept"));
    }

    @Test
    void whoDoesNotWantItIsLeftAlone() throws Exception {
        for (String pod : List.of(
                POD.formatted("sidecar.istio.io/inject: 'false'"),
                POD.formatted("").replace("version: v2", "sidecar.istio.io/inject: 'false'"),
                POD.formatted("") + "  hostNetwork: true\n")) {
            Injector.Injected injected = inject(pod, null, null);
            assertFalse(injected.text().contains("sluice"), injected.text());
            assertEquals(1, injected.notices().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
    void everyKindOfApps(String kind) throws Exception {
        String more = kind.equals("StatefulSet") ? "  serviceName: a\n" : "";
        String yaml = "apiVersion: apps/v1\nkind: " + kind + "\nmetadata: {name: a}\nspec:\n" + more
                + "  selector: {matchLabels: {app: a}}\n  template:\n    metadata: {labels: {app: a}}\n"
                + "    spec: {containers: [{name: a, image: b}]}\n";
        String injected = inject(yaml);
        assertTrue(injected.contains("name: sluice-proxy"), injected);
    }

    @Test
    void jobsCronJobsAndLists() throws Exception {
        String yaml =
                """
                apiVersion: v1
                kind: List
                items:
                - apiVersion: batch/v1
                  kind: Job
                  metadata: {name: once}
                  spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}
                - apiVersion: batch/v1
                  kind: CronJob
                  metadata: {name: nightly}
                  spec:
                    schedule: 0 3 * * *
                    jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}
                - apiVersion: v1
                  kind: ConfigMap
                  metadata: {name: kept}
                """;
        String injected = inject(yaml);
        assertEquals(2, injected.split("name: sluice-proxy", -1).length - 1, injected);
        assertTrue(injected.contains("metadata: {name: kept}"), injected);
    }

    @Test
    void sharedPiecesBecomeEachContainersOwn() throws Exception {
        String yaml =
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: a}
                spec:
                  containers:
                  - &base
                    name: one
                    image: b
                    livenessProbe: &probe {httpGet: {port: 80}}
                  - <<: *base
                    name: two
                    readinessProbe: *probe
                """;
        JsonArray containers = podSpec(inject(yaml)).getAsJsonArray("containers");
        JsonObject two = named(containers, "two");
        assertEquals("b", two.get("image").getAsString());
        assertTrue(two.get("livenessProbe").toString().contains("/app-health/two/livez"), two.toString());
        assertTrue(two.get("readinessProbe").toString().contains("/app-health/two/readyz"), two.toString());
        assertTrue(named(containers, "one").toString().contains("/app-health/one/livez"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{apiVersion: v1, kind: Service, metadata: {name: a}} | cart.yaml: no workload in it",
                "[1, 2] | cart.yaml:1:1: the document is no map",
                "{a: b} | cart.yaml:1:1: no Kubernetes object",
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}} | cart.yaml:1:1: it has no spec",
                "{apiVersion: v1, kind: Pod, spec: {containers: []}} | has no container",
                "{apiVersion: v1, kind: Pod, spec: {containers: {}}} | cart.yaml:1:48: containers is no list",
                "{a: b | cart.yaml:1:6: not YAML",
                "{a: 1, a: 2} | cart.yaml:1:8: the key 'a' is there twice",
                "{apiVersion: v1, kind: Pod, spec: &x {containers: *x}} | an anchor contains itself",
                "'' | no workload in it"
            })
    void whatIsNoWorkloadIsRefused(String yaml, String message) {
        ManifestException refused = assertThrows(ManifestException.class, () -> inject(yaml));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    @Test
    void aliasesOfAliasesEnd() {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            String alias = "*a" + (i - 1);
            yaml.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(10, alias))));
        }
        assertThrows(ManifestException.class, () -> inject(yaml.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sidecar.istio.io/inject: maybe",
                "sidecar.istio.io/interceptionMode: SOCKS",
                "readiness.status.sidecar.istio.io/periodSeconds: soon",
                "proxy.istio.io/config: '{'",
                "proxy.istio.io/config: 'statusPort: soon'",
                "proxy.istio.io/config: 'tracing: {customTags: [{a: b}]}'",
                "prometheus.istio.io/merge-metrics: perhaps"
            })
    void anAnnotationThatMakesNoSenseIsRefused(String annotation) {
        assertThrows(ManifestException.class, () -> inject(POD.formatted(annotation)));
    }

    private static String resource(String name) throws IOException {
        try (InputStream file = InjectTest.class.getResourceAsStream("/kubernetes/" + name)) {
            assertTrue(file != null, name + " is missing");
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
