package dev.sluice.proxy.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sluice.proxy.kubernetes.gateway.GatewayManifests;
import dev.sluice.proxy.kubernetes.profile.Profiles;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sluice manifest generate}: objects that Kubernetes takes, with the routes inside. */
class GatewayManifestsTest {
    private static final String GATEWAYS =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: shop}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - {port: {number: 8443, name: https, protocol: HTTPS}, hosts: ["*"]}
              - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: others}
            spec:
              selector: {istio: egressgateway}
              servers: [{port: {number: 9999, name: tcp, protocol: TCP}, hosts: ["*"]}]
            """;

    private static List<JsonObject> generate(@Nullable String profile, Map<String, String> files, String... settings)
            throws ManifestException {
        String yaml = new GatewayManifests(Profiles.load(profile, List.of(), List.of(settings)), "").generate(files);
        return KubernetesSchema.valid(yaml);
    }

    private static List<String> kinds(List<JsonObject> documents) {
        return documents.stream()
                .map(document -> document.get("kind").getAsString() + " "
                        + document.getAsJsonObject("metadata").get("name").getAsString())
                .toList();
    }

    private static JsonObject of(List<JsonObject> documents, String kind) {
        return documents.stream()
                .filter(document -> document.get("kind").getAsString().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static List<Integer> ports(JsonObject service) {
        List<Integer> ports = new ArrayList<>();
        for (JsonElement port : service.getAsJsonObject("spec").getAsJsonArray("ports")) {
            ports.add(port.getAsJsonObject().get("port").getAsInt());
        }
        return ports;
    }

    private static JsonObject podSpec(List<JsonObject> documents) {
        return of(documents, "Deployment")
                .getAsJsonObject("spec")
                .getAsJsonObject("template")
                .getAsJsonObject("spec");
    }

    @Test
    void theDefaultProfileHasAnIngressGateway() throws ManifestException {
        List<JsonObject> documents = generate(null, Map.of());
        assertEquals(
                List.of(
                        "ServiceAccount istio-ingressgateway-service-account",
                        "ConfigMap istio-ingressgateway-config",
                        "Deployment istio-ingressgateway",
                        "Service istio-ingressgateway",
                        "PodDisruptionBudget istio-ingressgateway",
                        "HorizontalPodAutoscaler istio-ingressgateway"),
                kinds(documents));
        assertEquals(List.of(15021, 80, 443), ports(of(documents, "Service")));
        assertEquals(
                "LoadBalancer",
                of(documents, "Service").getAsJsonObject("spec").get("type").getAsString());
    }

    @Test
    void profilesDecideWhichGatewaysThereAre() throws ManifestException {
        List<String> demo = kinds(generate("demo", Map.of()));
        assertTrue(demo.contains("Deployment istio-ingressgateway") && demo.contains("Deployment istio-egressgateway"));
        assertFalse(demo.contains("HorizontalPodAutoscaler istio-ingressgateway"));
        for (String none : List.of("minimal", "empty", "remote")) {
            assertEquals(List.of(), generate(none, Map.of()));
        }
    }

    @Test
    void portsAreThoseOfTheGatewaysThatSelectIt() throws ManifestException {
        List<JsonObject> documents = generate("demo", Map.of("shop.yaml", GATEWAYS));
        List<JsonObject> services = documents.stream()
                .filter(document -> document.get("kind").getAsString().equals("Service"))
                .toList();
        assertEquals(List.of(15021, 80, 8443), ports(services.get(0)));
        assertEquals(List.of(15021, 9999), ports(services.get(1)));
    }

    @Test
    void theConfigMapHoldsTheRoutesAndTheMeshsSettings() throws ManifestException {
        JsonObject data =
                of(generate("demo", Map.of("shop.yaml", GATEWAYS)), "ConfigMap").getAsJsonObject("data");
        assertEquals(GATEWAYS, data.get("shop.yaml").getAsString());
        assertTrue(data.get("mesh.yaml").getAsString().contains("accessLogFile: /dev/stdout"), data.toString());
        JsonObject own =
                of(generate(null, Map.of("mesh.yaml", "a: b")), "ConfigMap").getAsJsonObject("data");
        assertEquals("a: b", own.get("mesh.yaml").getAsString());
    }

    @Test
    void podsRunWithoutPrivilegeOnLowPorts() throws ManifestException {
        JsonObject pod = podSpec(generate(null, Map.of()));
        assertEquals(
                JsonParser.parseString("{sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: '0'}]}"),
                pod.get("securityContext"));
        JsonObject container = pod.getAsJsonArray("containers").get(0).getAsJsonObject();
        JsonObject context = container.getAsJsonObject("securityContext");
        assertEquals(JsonParser.parseString("{drop: [ALL]}"), context.get("capabilities"));
        assertTrue(context.get("runAsNonRoot").getAsBoolean()
                && context.get("readOnlyRootFilesystem").getAsBoolean());
        assertTrue(container.toString().contains("app=istio-ingressgateway,istio=ingressgateway"));
    }

    @Test
    void overlaysOfIstioCount() throws ManifestException {
        String operator =
                """
                apiVersion: install.istio.io/v1alpha1
                kind: IstioOperator
                spec:
                  components:
                    ingressGateways:
                    - name: edge
                      namespace: edge
                      enabled: true
                      label: {istio: edge}
                      k8s:
                        replicaCount: 3
                        serviceAnnotations: {a/b: "true"}
                        nodeSelector: {disk: ssd}
                        hpaSpec: {minReplicas: 2}
                        env: [{name: TZ, value: UTC}]
                        resources: {requests: {cpu: "1"}}
                        service:
                          loadBalancerIP: 10.0.0.1
                          ports: [{name: http, port: 80, targetPort: 8080}]
                  values:
                    gateways:
                      istio-ingressgateway:
                        secretVolumes: [{name: certs, secretName: shop-certs, mountPath: /etc/ignored}]
                """;
        List<JsonObject> documents = KubernetesSchema.valid(new GatewayManifests(
                        Profiles.load("minimal", List.of(new Profiles.Overlay("o", operator)), List.of()), "x/y:1")
                .generate(Map.of()));
        JsonObject service = of(documents, "Service");
        assertEquals(
                "edge", service.getAsJsonObject("metadata").get("namespace").getAsString());
        assertEquals(
                "10.0.0.1",
                service.getAsJsonObject("spec").get("loadBalancerIP").getAsString());
        assertEquals(List.of(80), ports(service));
        JsonObject deployment = of(documents, "Deployment").getAsJsonObject("spec");
        assertEquals(3, deployment.get("replicas").getAsInt());
        JsonObject container =
                podSpec(documents).getAsJsonArray("containers").get(0).getAsJsonObject();
        assertEquals("x/y:1", container.get("image").getAsString());
        assertEquals(JsonParser.parseString("{requests: {cpu: '1'}}"), container.get("resources"));
        assertTrue(container.toString().contains("app=edge,istio=edge"), container.toString());
        assertTrue(container.get("args").toString().contains("\"--certs\",\"/etc/sluice-certs\""));
        assertTrue(container.get("volumeMounts").toString().contains("/etc/sluice-certs/shop-certs"));
        assertEquals(
                2,
                of(documents, "HorizontalPodAutoscaler")
                        .getAsJsonObject("spec")
                        .get("minReplicas")
                        .getAsInt());
    }

    @Test
    void aRemotesConfigurationIsSomebodyElsesToWrite() throws ManifestException {
        List<String> kinds = kinds(
                generate("remote", Map.of(), "components.ingressGateways[name:istio-ingressgateway].enabled=true"));
        assertTrue(kinds.contains("Deployment istio-ingressgateway"), kinds.toString());
        assertFalse(kinds.contains("ConfigMap istio-ingressgateway-config"), kinds.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "components.ingressGateways=x",
                "components.ingressGateways=[x]",
                "values.gateways.istio-ingressgateway.autoscaleMin=few"
            })
    void whatMakesNoSenseIsRefused(String setting) {
        assertThrows(ManifestException.class, () -> generate(null, Map.of(), setting));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "components.ingressGateways[0].enabled=maybe | [0].enabled: 'maybe' is neither true nor false",
                "components.ingressGateways[0].labels.a=b | [0].labels: unknown field; did you mean \"label\"?",
                "components.ingressGateways[0].name=My_Gateway | [0].name: 'My_Gateway' is no name",
                "components.ingressGateways[0].namespace=a.b | [0].namespace: 'a.b' is no name",
                "components.ingressGateways[0].k8s=x | [0].k8s: 'x' is no map",
                "components.ingressGateways[0].k8s.replicaCont=3 | replicaCont: unknown field; did you mean \"replicaCount\"?",
                "components.ingressGateways[0].k8s.replicaCount=few | k8s.replicaCount: 'few' is not one of 0 to",
                "components.ingressGateways[0].k8s.podAnnotations={a: 1} | k8s.podAnnotations.a: must be a string, not 1",
                "components.ingressGateways[0].k8s.resources.requests.cpu=lots | requests.cpu: 'lots' is no quantity",
                "components.ingressGateways[0].k8s.service.type=Balancer | k8s.service.type: 'Balancer' is not one of",
                "components.ingressGateways[0].k8s.service.ports=[{port: http}] | ports.port: 'http' is not one of 1 to 65535",
                "components.ingressGateways[0].k8s.env=[{name: A, value: 1}] | k8s.env: A: must be a string, not 1",
                "components.ingressGateways[0].k8s.env=[{value: a}] | is no variable with a name",
                "values.gateways.istio-ingressgateway.type=Balancer | type: 'Balancer' is not one of",
                "values.gateways.istio-ingressgateway.serviceAnnotations={a: true} | must be a string, not true",
                "values.gateways.istio-ingressgateway.autoscaleMin=6 | autoscaleMax: 5 is less than autoscaleMin, 6"
            })
    void whatKubernetesWouldNotTakeIsRefused(String setting, String message) {
        ManifestException refused = assertThrows(ManifestException.class, () -> generate(null, Map.of(), setting));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    /** As it is written on the command line, where quotes are the shell's. */
    @Test
    void settingsOfAnnotationsAreText() throws ManifestException {
        List<JsonObject> documents = generate(
                null,
                Map.of(),
                "components.ingressGateways[0].k8s.serviceAnnotations.lb\\.example/internal=true",
                "components.ingressGateways[0].k8s.podAnnotations.version=1.10",
                "meshConfig.defaultConfig.proxyMetadata.ISTIO_META_X=true");
        assertEquals(
                JsonParser.parseString("{'lb.example/internal': 'true'}"),
                of(documents, "Service").getAsJsonObject("metadata").get("annotations"));
        JsonObject pod = of(documents, "Deployment").getAsJsonObject("spec").getAsJsonObject("template");
        assertEquals(
                "1.10",
                pod.getAsJsonObject("metadata")
                        .getAsJsonObject("annotations")
                        .get("version")
                        .getAsString());
        String mesh = of(documents, "ConfigMap")
                .getAsJsonObject("data")
                .get("mesh.yaml")
                .getAsString();
        assertTrue(mesh.contains("ISTIO_META_X: 'true'"), mesh);
    }

    @Test
    void foldersBecomeKeys(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("shop/v 1"));
        Files.writeString(folder.resolve("shop/v 1/routes.yaml"), "a: 1");
        Files.writeString(folder.resolve("shop/mesh.yaml"), "b: 1");
        Files.writeString(folder.resolve("top.yml"), "c: 1");
        Files.writeString(folder.resolve("cart.routetest.yaml"), "no: configuration");
        Files.writeString(folder.resolve("README.md"), "nor this");
        assertEquals(
                Map.of("shop.v_1.routes.yaml", "a: 1", "mesh.yaml", "b: 1", "top.yml", "c: 1"),
                ConfigFiles.read(List.of(folder)));
        assertThrows(
                ManifestException.class, () -> ConfigFiles.read(List.of(folder, folder.resolve("shop/mesh.yaml"))));
        assertThrows(IOException.class, () -> ConfigFiles.read(List.of(folder.resolve("none"))));
        Files.writeString(folder.resolve("large.yaml"), "#".repeat(1 << 20));
        assertThrows(ManifestException.class, () -> ConfigFiles.read(List.of(folder)));
    }
}
