package dev.sluice.proxy.kubernetes;

import static dev.sluice.proxy.kubernetes.InjectedPods.POD;
import static dev.sluice.proxy.kubernetes.InjectedPods.argument;
import static dev.sluice.proxy.kubernetes.InjectedPods.arguments;
import static dev.sluice.proxy.kubernetes.InjectedPods.inject;
import static dev.sluice.proxy.kubernetes.InjectedPods.named;
import static dev.sluice.proxy.kubernetes.InjectedPods.names;
import static dev.sluice.proxy.kubernetes.InjectedPods.podSpec;
import static dev.sluice.proxy.kubernetes.InjectedPods.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sluice.proxy.kubernetes.inject.Injector;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sluice inject}: what is added, what stays, what is refused. */
class InjectTest {
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
    void theNewerNameOfVirtualInterfacesWins() throws Exception {
        JsonObject spec = podSpec(inject(POD.formatted("istio.io/reroute-virtual-interfaces: 'vnet0,vnet1',"
                + " traffic.sidecar.istio.io/kubevirtInterfaces: vnet2")));
        assertEquals(
                "vnet0,vnet1",
                argument(named(spec.getAsJsonArray("initContainers"), "sluice-init"), "--virtual-interfaces"));
    }

    @ParameterizedTest
    @CsvSource({"'',true", "True,true", "FALSE,false", "Off,false"})
    void theWishForAProxyIsWrittenInManyWays(String wish, boolean wanted) throws Exception {
        String text = inject(POD.formatted("sidecar.istio.io/inject: '" + wish + "'"), null, null)
                .text();
        assertEquals(wanted, text.contains("sluice"), text);
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
        List<String> arguments = arguments(named(none.getAsJsonArray("containers"), "sluice-proxy"));
        assertFalse(arguments.contains("--intercept"));
        assertEquals("defaultConfig.interceptionMode=NONE", arguments.get(arguments.size() - 1));
    }

    /** Else the rules redirect in one way and the proxy listens in the other. */
    @Test
    void theAnnotationsModeIsAlsoTheProxys() throws Exception {
        JsonObject spec = podSpec(inject(POD.formatted("sidecar.istio.io/interceptionMode: REDIRECT,"
                + " proxy.istio.io/config: '{interceptionMode: TPROXY}'")));
        assertEquals("REDIRECT", argument(named(spec.getAsJsonArray("initContainers"), "sluice-init"), "--mode"));
        List<String> arguments = arguments(named(spec.getAsJsonArray("containers"), "sluice-proxy"));
        assertEquals("defaultConfig.interceptionMode=REDIRECT", arguments.get(arguments.size() - 1));
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
                "readiness.status.sidecar.istio.io/failureThreshold: '-1'",
                "istio.io/reroute-virtual-interfaces: '-j ACCEPT'",
                "proxy.istio.io/config: '{'",
                "proxy.istio.io/config: 'statusPort: soon'",
                "proxy.istio.io/config: 'tracing: {customTags: [{a: b}]}'",
                "prometheus.istio.io/merge-metrics: perhaps",
                "traffic.sidecar.istio.io/excludeInboundPorts: 'abc'",
                "traffic.sidecar.istio.io/includeInboundPorts: '70000'",
                "traffic.sidecar.istio.io/includeOutboundIPRanges: '10.0.0.0/99'",
                "traffic.sidecar.istio.io/excludeInterfaces: '-j ACCEPT'",
                "sidecar.istio.io/proxyCPU: fast",
                "sidecar.istio.io/proxyMemoryLimit: 128MB",
                "sidecar.istio.io/proxyCPU: '2', sidecar.istio.io/proxyCPULimit: 1500m",
                "sidecar.istio.io/proxyMemory: 1Gi, sidecar.istio.io/proxyMemoryLimit: 1000Mi",
                "status.sidecar.istio.io/port: '70000'",
                "status.sidecar.istio.io/port: '15021'",
                "proxy.istio.io/config: 'statusPrt: 15020'",
                "proxy.istio.io/config: 'terminationDrainDuration: soon'",
                "prometheus.io/scrape: 'true', prometheus.io/port: http"
            })
    void anAnnotationThatMakesNoSenseIsRefused(String annotation) {
        assertThrows(ManifestException.class, () -> inject(POD.formatted(annotation)));
    }

    @ParameterizedTest
    @CsvSource({"500m,1", "1,1000m", "1.5,1500m", "100000000n,100m", "1e-1,100m"})
    void aRequestMayBeAsMuchAsItsLimitHoweverItIsWritten(String request, String limit) throws Exception {
        JsonObject proxy = InjectedPods.proxyOf(inject(POD.formatted(
                "sidecar.istio.io/proxyCPU: '" + request + "', sidecar.istio.io/proxyCPULimit: '" + limit + "'")));
        assertEquals(
                limit,
                proxy.getAsJsonObject("resources")
                        .getAsJsonObject("limits")
                        .get("cpu")
                        .getAsString());
    }

    /** Kubernetes takes no pod with two volumes, or two containers, of one name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "volumes: [{name: sluice-config, emptyDir: {}}]",
                "volumes: [{name: sluice-tmp, emptyDir: {}}]",
                "containers: [{name: sluice-init, image: a}]",
                "initContainers: [{name: sluice-init, image: a}]"
            })
    void aNameThatIsTakenIsRefused(String taken) {
        String app = taken.startsWith("containers") ? "" : "containers: [{name: a, image: b}], ";
        String pod = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {" + app + taken + "}}";
        ManifestException refused = assertThrows(ManifestException.class, () -> inject(pod));
        assertTrue(refused.getMessage().contains("Pod a has sluice-"), refused.getMessage());
    }

    @Test
    void aPortOfAProbeIsOne() {
        String pod = POD.formatted("").replace("port: 9000, scheme", "port: 0, scheme");
        ManifestException refused = assertThrows(ManifestException.class, () -> inject(pod));
        assertTrue(refused.getMessage().contains("port 0 is not one of 1 to 65535"), refused.getMessage());
    }

    @Test
    void whatDoesNotGoTogetherWithAProxyIsTold() throws Exception {
        String pod =
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: a}
                spec:
                  securityContext: {runAsUser: 1337}
                  containers:
                  - {name: one, image: b, ports: [{containerPort: 15090}, {containerPort: 80}]}
                  - {name: two, image: b, securityContext: {runAsUser: 1}, ports: [{containerPort: 15020}]}
                """;
        assertEquals(
                List.of(
                        "Pod a: container one runs as user 1337, the proxy's: what it sends is not intercepted",
                        "Pod a: container one has port 15090, which the proxy listens on",
                        "Pod a: container two has port 15020, which the proxy listens on"),
                inject(pod, null, null).notices());
    }

    @Test
    void documentsThatHoldRemarksAloneStay() throws Exception {
        String pod = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: b}]}}\n";
        String injected = inject("# before\n---\n" + pod + "---\n# between\n---\n" + pod + "---\n# behind\n");
        assertTrue(injected.startsWith("# before\n"), injected);
        assertTrue(injected.contains("---\n# between\n---\n"), injected);
        assertTrue(injected.endsWith("---\n# behind\n"), injected);
        assertEquals(injected, inject(injected));
        ManifestException refused = assertThrows(ManifestException.class, () -> inject("# nothing else\n"));
        assertTrue(refused.getMessage().contains("no workload in it"), refused.getMessage());
    }

    private static String resource(String name) throws IOException {
        try (InputStream file = InjectTest.class.getResourceAsStream("/kubernetes/" + name)) {
            assertTrue(file != null, name + " is missing");
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
