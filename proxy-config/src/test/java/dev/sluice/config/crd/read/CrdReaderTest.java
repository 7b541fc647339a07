package dev.sluice.config.crd.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.LoadBalancerSettings.SimpleLb;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.WorkloadEntry;
import dev.sluice.config.crd.kube.KubeSecret;
import dev.sluice.config.crd.kube.KubeService;
import dev.sluice.config.crd.kube.KubeWorkload;
import dev.sluice.config.crd.mesh.MeshFile;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.IntOrString;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Finding.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrdReaderTest {
    private static final String ROUTE =
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews, namespace: prod, annotations: {sluice.dev/replay-limit: "1024"}}
            spec:
              hosts: [reviews]
              http:
              - match:
                - uri: {prefix: /a}
                  headers: {end-user: {exact: jason}, x-debug: {}}
                route:
                - destination: {host: reviews, subset: v2, port: {number: 9080}}
                  weight: 75
                timeout: 1.5s
                mirror_percentage: {value: 12.5}
            """;

    @Test
    void everyFieldLandsInItsComponent() {
        VirtualService service = one(VirtualService.class, ROUTE);
        HttpRoute route = service.http().get(0);
        assertEquals(List.of("reviews"), service.hosts());
        assertEquals("/a", route.match().get(0).uri().prefix());
        assertEquals(
                List.of("end-user", "x-debug"),
                List.copyOf(route.match().get(0).headers().keySet()));
        assertNull(route.match().get(0).headers().get("x-debug").exact());
        assertEquals(9080L, route.route().get(0).destination().port().number());
        assertEquals(75, route.route().get(0).weight());
        assertEquals(Duration.ofMillis(1500), route.timeout());
        assertEquals(12.5, route.mirrorPercentage().value());
        assertEquals("1024", service.metadata().annotation("sluice.dev/replay-limit"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mirror_Percentage", "mirror_percentage_", "mirror__percentage", "_mirror_percentage"})
    void aKeyThatIsNeitherSpellingOfAFieldIsUnknown(String key) {
        FileContent content = read("a.yaml", ROUTE.replace("mirror_percentage", key));
        assertEquals(
                List.of("a.yaml:14:5: error IST0106 spec.http[0]." + key
                        + ": unknown field; did you mean \"mirrorPercentage\"?"),
                content.findings().stream().map(Finding::text).toList());
    }

    @Test
    void whatIsNotWrittenIsNullOrEmpty() {
        HttpRoute route = one(VirtualService.class, ROUTE).http().get(0);
        assertNull(route.retries());
        assertNull(route.name());
        assertEquals(List.of(), route.mirrors());
        assertEquals(Map.of(), route.match().get(0).queryParams());
        assertFalse(route.at().has("mirrors"));
        assertTrue(route.at().has("mirrorPercentage"));
    }

    @Test
    void aRecordLeadsToThePlaceOfEachOfItsFields() {
        VirtualService service = one(VirtualService.class, ROUTE);
        HttpRoute route = service.http().get(0);
        assertEquals("f.yaml:13:14", route.at().field("timeout").toString());
        assertEquals("f.yaml:14:5", route.at().key("mirrorPercentage").toString());
        Finding finding = service.finding(
                Severity.WARNING, "IST0130", route.route().get(0).at(), "weight", "never reached");
        assertEquals("f.yaml:12:15: warning IST0130 never reached", finding.text());
        assertEquals("spec.http[0].route[0].weight", finding.path());
        assertEquals(
                "VirtualService prod/reviews",
                finding.about().kind() + " " + finding.about().namespace() + "/"
                        + finding.about().name());
    }

    @Test
    void recordsAreEqualByContent() {
        assertEquals(one(VirtualService.class, ROUTE), one(VirtualService.class, "# moved down\n" + ROUTE));
        assertNotEquals(
                one(VirtualService.class, ROUTE), one(VirtualService.class, ROUTE.replace("weight: 75", "weight: 25")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v1beta1", "v1alpha3"})
    void theThreeApiVersionsAreOneSchema(String version) {
        assertEquals(
                one(VirtualService.class, ROUTE),
                one(VirtualService.class, ROUTE.replace("istio.io/v1", "istio.io/" + version)));
    }

    @Test
    void aMissingNamespaceIsDefault() {
        VirtualService service = one(VirtualService.class, ROUTE.replace("namespace: prod, ", ""));
        assertEquals("default/reviews", service.metadata().id());
    }

    @Test
    void aFaultMakesItsOwnObjectInvalidAndNoOther() {
        FileContent content = read("f.yaml", ROUTE + "---\n" + ROUTE.replace("timeout", "timout"));
        assertEquals(
                List.of(true, false),
                content.objects().stream().map(ReadObject::valid).toList());
        assertFalse(content.unparsable());
        assertEquals(1, content.findings().size());
    }

    @Test
    void objectsBeforeAParseErrorAreRead() {
        FileContent content = read("f.yaml", ROUTE + "---\na: [\n");
        assertTrue(content.unparsable());
        assertEquals(1, content.objects().size());
        assertEquals(Finding.UNPARSABLE, content.findings().get(0).code());
    }

    @Test
    void kubernetesObjectsAreRead() {
        KubeService service = one(
                KubeService.class,
                "{apiVersion: v1, kind: Service, metadata: {name: a, creationTimestamp: null}, "
                        + "spec: {ports: [{port: 80, targetPort: http}, {port: 81, targetPort: 8081}]}}");
        assertEquals(new IntOrString(null, "http"), service.ports().get(0).targetPort());
        assertEquals(new IntOrString(8081, null), service.ports().get(1).targetPort());
        KubeWorkload workload = one(
                KubeWorkload.class,
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {replicas: 2, selector: {}, "
                        + "template: {metadata: {labels: {version: v1}}, spec: {containers: []}}}}");
        assertEquals("Deployment", workload.kind());
        assertEquals(Map.of("version", "v1"), workload.podLabels());
        KubeWorkload cron = one(
                KubeWorkload.class,
                "{apiVersion: batch/v1, kind: CronJob, metadata: {name: a}, spec: {jobTemplate: {spec: "
                        + "{template: {metadata: {labels: {version: v2}}}}}}}");
        assertEquals(Map.of("version", "v2"), cron.podLabels());
        KubeSecret secret = one(
                KubeSecret.class,
                "{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {a: aGk=, b: aGk=}, stringData: {b: x}}");
        assertArrayEquals("hi".getBytes(UTF_8), secret.value("a"));
        assertArrayEquals("x".getBytes(UTF_8), secret.value("b"));
        assertNull(secret.value("c"));
        assertFalse(secret.toString().contains("aGk="));
    }

    @Test
    void aStandAloneWorkloadEntryIsReadAsAnInlineOne() {
        WorkloadEntry entry = one(
                WorkloadEntry.class,
                "{apiVersion: networking.istio.io/v1, kind: WorkloadEntry, metadata: {name: vm}, "
                        + "spec: {address: 10.0.0.1, ports: {http: 8080}, weight: 3}}");
        assertEquals("10.0.0.1", entry.spec().address());
        assertEquals(Map.of("http", 8080L), entry.spec().ports());
    }

    @Test
    void aTextIsAsLongAsItsSchemaAllows() {
        String entry = "{apiVersion: networking.istio.io/v1, kind: WorkloadEntry, metadata: {name: vm}, "
                + "spec: {address: 10.0.0.1, serviceAccount: %s}}";
        one(WorkloadEntry.class, entry.formatted("a".repeat(253)));
        assertEquals(
                "f.yaml:1:123: error IST0106 spec.serviceAccount: must have at most 253 characters, not 254",
                read("f.yaml", entry.formatted("a".repeat(254)))
                        .findings()
                        .get(0)
                        .text());
    }

    @Test
    void itemsOfAListAreObjectsOfTheirOwn() {
        String items = ROUTE.indent(2).replaceFirst("  api", "- api");
        FileContent content = read("f.yaml", "apiVersion: v1\nkind: List\nitems:\n" + items);
        assertEquals(List.of(), content.findings());
        assertEquals(one(VirtualService.class, ROUTE), content.objects().get(0).object());
    }

    @Test
    void meshYamlIsAMeshConfigElsewhereItIsNoObject() {
        MeshFile file = (MeshFile) read("conf/mesh.yaml", "accessLogFile: /dev/stdout\n")
                .objects()
                .get(0)
                .object();
        assertEquals("/dev/stdout", file.config().accessLogFile());
        assertEquals(
                1,
                read("conf/other.yaml", "accessLogFile: /dev/stdout\n")
                        .findings()
                        .size());
        assertEquals(
                one(VirtualService.class, ROUTE),
                read("mesh.yaml", ROUTE).objects().get(0).object());
    }

    @Test
    void anEnumIsTakenByItsName() {
        DestinationRule rule = one(
                DestinationRule.class,
                "{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: a}, "
                        + "spec: {host: a, trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}}}}");
        assertEquals(SimpleLb.LEAST_REQUEST, rule.trafficPolicy().loadBalancer().simple());
    }

    @Test
    void aDocumentOfFaultsIsToldInPart() {
        String unknown = "x%d: 1, ";
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            keys.append(unknown.formatted(i));
        }
        FileContent content = read("f.yaml", ROUTE + "  tls: [{match: [{sniHosts: []}], " + keys + "}]\n");
        assertEquals(200, content.findings().size());
        assertFalse(content.objects().get(0).valid());
    }

    private static FileContent read(String file, String text) {
        return new CrdReader(Set.of()).read(file, text.getBytes(UTF_8));
    }

    private static <T extends CrdObject> T one(Class<T> type, String text) {
        FileContent content = read("f.yaml", text);
        assertEquals(List.of(), content.findings());
        assertEquals(1, content.objects().size());
        assertTrue(content.objects().get(0).valid());
        return type.cast(content.objects().get(0).object());
    }
}
